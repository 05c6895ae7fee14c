import { describe, expect, it } from "vitest";
import type { Message } from "../api/types";
import type { Outgoing } from "./outbox";
import { firstUnread, newsAfter, overtaken, rowsOf } from "./rows";

const me = 7;

function message(id: string, at: string, more: Partial<Message> = {}): Message {
  return { id, at, rev: 1, place: 0, kind: "message", author: "customer", origin: "whatsapp", type: "text", text: id, ...more };
}

const mine = { author: "agent", agent: me } as const;
const other = { author: "agent", agent: 8, who: "Bruno" } as const;
const day = (at: string | number) => new Date(at).toISOString().slice(0, 10);

function shape(list: Message[], outgoing: Outgoing[] = [], unread = ""): string[] {
  return rowsOf(list, outgoing, unread, day).map((row) => (row.kind === "message" ? `${row.message.id}${row.head ? "*" : ""}` : row.kind));
}

describe("rowsOf", () => {
  it("puts a date before the first message of a day, and names before those who speak", () => {
    const list = [message("a", "2026-11-22T23:50:00Z"), message("b", "2026-11-22T23:52:00Z"), message("c", "2026-11-23T00:01:00Z"), message("d", "2026-11-23T00:02:00Z", mine), message("e", "2026-11-23T00:09:00Z", mine)];
    expect(shape(list)).toEqual(["day", "a*", "b", "day", "c*", "d*", "e*"]);
  });

  it("names again after a line about the conversation, another channel or a note", () => {
    const list = [
      message("a", "2026-11-23T10:00:00Z", mine),
      message("s", "2026-11-23T10:00:01Z", { kind: "state", state: "active" }),
      message("b", "2026-11-23T10:00:02Z", mine),
      message("c", "2026-11-23T10:00:03Z", { ...mine, origin: "ticket" }),
      message("n", "2026-11-23T10:00:04Z", { ...mine, origin: "ticket", kind: "note" }),
    ];
    expect(shape(list)).toEqual(["day", "a*", "s", "b*", "c*", "n*"]);
  });

  it("divides what is new, and ends with what is on its way", () => {
    const list = [message("a", "2026-11-23T10:00:00Z"), message("b", "2026-11-23T10:00:30Z")];
    expect(shape(list, [{ id: "x" } as Outgoing], "b")).toEqual(["day", "a*", "unread", "b*", "out"]);
  });

  it("keeps the key when something sent becomes a message", () => {
    const before = rowsOf([], [{ id: "cmd-1" } as Outgoing], "", day);
    const after = rowsOf([message("e9", "2026-11-23T10:00:00Z", { ...mine, command: "cmd-1" })], [], "", day);
    expect(after.at(-1)?.key).toBe(before.at(-1)?.key);
  });

  it("gives every line a key of its own", () => {
    const two = [message("e1", "2026-11-23T10:00:00Z", { command: "cmd" }), message("e2", "2026-11-23T10:00:01Z", { command: "cmd" })];
    const keys = rowsOf(two, [], "", day).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("what is new", () => {
  const list = [
    message("a", "2026-11-23T10:00:00Z"),
    message("b", "2026-11-23T10:01:00Z", { author: "ponte", origin: "automatic" }),
    message("c", "2026-11-23T10:02:00Z", mine),
    message("d", "2026-11-23T10:03:00Z"),
    message("e", "2026-11-23T10:04:00Z", other),
    message("f", "2026-11-23T10:05:00Z", { kind: "state", state: "active" }),
  ];
  it.each([
    ["2026-11-23T09:00:00Z", "a"],
    ["2026-11-23T10:00:00Z", "d"],
    ["2026-11-23T10:03:00Z", "e"],
    ["2026-11-23T10:04:00Z", ""],
    [undefined, ""],
    ["", ""],
  ])("after %s it is %s", (seen, id) => expect(firstUnread(list, seen, me)).toBe(id));

  it("counts the words of others", () => {
    expect(newsAfter(list, "a", me)).toBe(2);
    expect(newsAfter(list, "e", me)).toBe(0);
    expect(newsAfter(list, "gone", me)).toBe(0);
  });

  it("knows who was faster", () => {
    expect(overtaken(list, new Set(["a", "b", "c", "d"]), me)?.id).toBe("e");
    expect(overtaken(list, new Set(list.map((one) => one.id)), me)).toBeUndefined();
    expect(overtaken([message("n", "2026-11-23T10:00:00Z", { ...other, kind: "note" }), message("m", "2026-11-23T10:00:00Z", mine)], new Set(), me)).toBeUndefined();
  });
});
