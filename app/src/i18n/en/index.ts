import type { Words } from "../index";
import { consoleWords } from "./console";
import { core } from "./core";
import { supervisor } from "./supervisor";

/** All words in English. */
export const en: Words = { ...core, ...consoleWords, ...supervisor };
