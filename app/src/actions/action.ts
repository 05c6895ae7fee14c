// What an agent can do with a conversation, the same in the sidebar, in the console, in menus and in the palette.

import type { ReactNode } from "react";

/** One thing to do. */
export interface Action {
  /** The command's name, such as "transfer"; unique among a conversation's actions. */
  name: string;
  label: string;
  /** The keys that lead to it, as people read them: "T", "Ctrl+Enter". */
  keys?: string;
  group: "attend" | "hand" | "end" | "mark" | "customer" | "file";
  danger?: boolean;
  /** Whether the server would do it now; the label stays visible when it would not. */
  allowed: boolean;
  run(): void;
}

/** A conversation's actions, and the dialog of the one that was begun, which the caller shows somewhere. */
export interface Actions {
  list: Action[];
  dialog: ReactNode;
}
