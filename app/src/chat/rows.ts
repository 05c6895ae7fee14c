// The lines of a chat's log: messages with what stands between them.

import type { Message } from "../api/types";
import type { Outgoing } from "./outbox";

/** A line of the log. Its key stays the same when something sent becomes a message. */
export type LogRow =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "message"; key: string; message: Message; head: boolean }
  | { kind: "out"; key: string; item: Outgoing };

/** How long somebody may be silent before their name is shown again, in milliseconds. */
const pause = 5 * 60_000;

/** Whether a message is somebody's words, and not a line about the conversation. */
export function spoken(message: Message): boolean {
  return message.kind === "message" || message.kind === "note";
}

/** Whether a message is news to an agent. What Ponte says by itself and what the agent says are none. */
export function news(message: Message, me: number): boolean {
  return spoken(message) && message.author !== "ponte" && !(message.author === "agent" && message.agent === me);
}

/** The id of the first message that an agent has not read; "" when there is none, or when it is not known what was read. */
export function firstUnread(messages: readonly Message[], seen: string | undefined, me: number): string {
  if (!seen) return "";
  const at = Date.parse(seen);
  return messages.find((one) => news(one, me) && Date.parse(one.at) > at)?.id ?? "";
}

/** How many messages after one are news. */
export function newsAfter(messages: readonly Message[], id: string, me: number): number {
  const from = messages.findIndex((one) => one.id === id);
  return from < 0 ? 0 : messages.slice(from + 1).filter((one) => news(one, me)).length;
}

function continues(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    spoken(before) &&
    before.kind === message.kind &&
    before.author === message.author &&
    before.agent === message.agent &&
    before.origin === message.origin &&
    Date.parse(message.at) - Date.parse(before.at) < pause
  );
}

/** The log's lines; day tells what date a time is on, where the agent is. */
export function rowsOf(messages: readonly Message[], outgoing: readonly Outgoing[], unread: string, day: (at: string | number) => string): LogRow[] {
  const rows: LogRow[] = [];
  let last = "";
  let before: Message | undefined;
  for (const message of messages) {
    const date = day(message.at);
    if (date !== last) {
      rows.push({ kind: "day", key: `day ${date}`, at: message.at });
      last = date;
      before = undefined;
    }
    if (message.id === unread) {
      rows.push({ kind: "unread", key: "unread" });
      before = undefined;
    }
    rows.push({ kind: "message", key: message.command ?? message.id, message, head: spoken(message) && !continues(before, message) });
    before = message;
  }
  for (const item of outgoing) rows.push({ kind: "out", key: item.id, item });
  return unique(rows);
}

/** Two messages of one command are two lines. */
function unique(rows: LogRow[]): LogRow[] {
  const keys = new Set<string>();
  return rows.map((row) => {
    let key = row.key;
    for (let n = 2; keys.has(key); n++) key = `${row.key} ${n}`;
    keys.add(key);
    return key === row.key ? row : { ...row, key };
  });
}

/** What another agent has told the customer that was not there when an answer was begun; undefined when nothing. */
export function overtaken(messages: readonly Message[], known: ReadonlySet<string>, me: number): Message | undefined {
  return messages.filter((one) => one.kind === "message" && one.author === "agent" && one.agent !== undefined && one.agent !== me && !known.has(one.id)).pop();
}
