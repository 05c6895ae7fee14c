import { describe, expect, it } from "vitest";
import type { Conversation, Message } from "../api/types";
import { greets } from "./greet";

const mine = { session: "s", owner: 7, state: "active", allowed: ["open"] } as unknown as Conversation;
const said = (author: Message["author"], kind: Message["kind"] = "message") => ({ author, kind }) as Message;

describe("greets", () => {
  it.each([
    ["one's own new conversation", mine, [said("customer"), said("ponte")], true],
    ["one with a note", mine, [said("agent", "note")], true],
    ["one that was answered", mine, [said("agent")], false],
    ["another agent's", { ...mine, owner: 8 }, [], false],
    ["nobody's", { ...mine, owner: undefined }, [], false],
    ["one that waits in the queue", { ...mine, state: "queued" }, [], false],
    ["an earlier one", { ...mine, session: "t" }, [], false],
    ["one where it is not allowed", { ...mine, allowed: [] }, [], false],
    ["one whose messages are not known", mine, undefined, false],
    ["none", undefined, [], false],
  ] as [string, Conversation | undefined, Message[] | undefined, boolean][])("%s", (_, conversation, messages, want) => expect(greets("s", conversation, messages, 7)).toBe(want));
});
