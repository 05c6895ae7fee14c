import { consoleWords } from "./console";
import { core } from "./core";
import { supervisor } from "./supervisor";

/** All words in Portuguese. */
export const pt = { ...core, ...consoleWords, ...supervisor };
