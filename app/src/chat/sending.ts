// What is wrong with an answer before it is sent, and the commands that it becomes.

import type { Message, TemplateCall } from "../api/types";
import { captioned, mostCaption, mostText } from "./limits";
import type { OutFile, Outgoing } from "./outbox";
import { unresolved } from "./words";

/** Why an answer can't be sent as it is. */
export type Obstacle =
  | { kind: "variables"; names: string[] }
  | { kind: "long"; n: number; most: number }
  | { kind: "loading" }
  | { kind: "broken" };

/** An answer in the making. */
export interface Answering {
  text: string;
  quote: Message | undefined;
  files: readonly { kind: string; state: "loading" | "ready" | "failed" }[];
}

/** Whether there is anything to send. */
export function empty({ text, files }: Answering): boolean {
  return text.trim() === "" && files.length === 0;
}

/** What keeps an answer from being sent; undefined when nothing does. */
export function obstacle({ text, files }: Answering): Obstacle | undefined {
  const names = unresolved(text);
  if (names.length) return { kind: "variables", names };
  if (files.some((one) => one.state === "failed")) return { kind: "broken" };
  if (files.some((one) => one.state === "loading")) return { kind: "loading" };
  const n = text.trim().length;
  return n > mostText ? { kind: "long", n, most: mostText } : undefined;
}

/** Which of the files bears the words; -1 when they go alone. */
function captionOf(files: readonly { kind: string }[]): number {
  return files.findIndex((one) => captioned(one.kind));
}

/** What every part of an answer has in common. */
interface Common {
  newID(): string;
  at: number;
}

/**
 * The commands of an answer, in the order in which they are sent. The words stand below the first file that takes some, else before the
 * files.
 */
export function outgoing(text: string, quote: Message | undefined, files: readonly OutFile[], { newID, at }: Common): Outgoing[] {
  const words = text.trim();
  const bearer = words.length <= mostCaption ? captionOf(files) : -1;
  let reply = quote?.wamid;
  const item = (said: string, file?: OutFile): Outgoing => {
    const body = { text: said, ...(file ? { file: file.upload } : {}), ...(reply ? { reply_to: reply } : {}) };
    const quoted = reply ? quote : undefined;
    reply = undefined;
    return { id: newID(), kind: "reply", at, text: said, body, quote: quoted, file, state: "waiting", kept: false, reason: "", code: "" };
  };
  const list: Outgoing[] = [];
  if (words && bearer < 0) list.push(item(words));
  files.forEach((file, i) => list.push(item(i === bearer ? words : "", file)));
  return list;
}

/** The command of a note. */
export function noted(text: string, { newID, at }: Common): Outgoing {
  const words = text.trim();
  return { id: newID(), kind: "note", at, text: words, body: { text: words }, state: "waiting", kept: false, reason: "", code: "" };
}

/** The command of a template. */
export function templated(template: TemplateCall, text: string, { newID, at }: Common): Outgoing {
  return { id: newID(), kind: "template", at, text, body: { template }, state: "waiting", kept: false, reason: "", code: "" };
}
