import { actions } from "./actions";
import { chat } from "./chat";
import { common } from "./common";
import { sidebar } from "./sidebar";

/** The words that every page begins with. */
export const core = { ...common, ...chat, ...actions, ...sidebar };
