import type { Conversation } from "../api/types";
import type { Later } from "./pending";

/** What a dialog is given. */
export interface DialogProps {
  conversation: Conversation;
  close: () => void;
  /** Has a command carried out in some seconds, unless it is taken back. */
  later: (later: Later) => void;
}
