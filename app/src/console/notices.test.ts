import { describe, expect, it } from "vitest";
import type { Row } from "../api/types";
import { Mine, type Notice, together } from "./notices";

const start = Date.parse("2026-11-23T12:00:00Z");
const row = (session: string, minutes: number, more: Partial<Row> = {}): Row => ({
  session,
  number: "1",
  state: "active",
  owner: 7,
  contact: { id: session },
  started: new Date(start).toISOString(),
  last_inbound: new Date(start + minutes * 60_000).toISOString(),
  window: { open: true },
  lines: 1,
  ...more,
});
const change = (one: Row) => ({ kind: "change", row: one }) as const;
const brief = (list: Notice[]) => list.map((one) => `${one.kind} ${one.session}`);

describe("Mine", () => {
  it("tells nothing before it knows what there was", () => {
    const mine = new Mine(7);
    expect(mine.apply(change(row("a", 1)), "")).toEqual([]);
    expect(mine.fill([row("a", 1)], "")).toEqual([]);
    expect(mine.unread).toBe(0);
  });

  it("tells new messages and new conversations of the agent alone", () => {
    const mine = new Mine(7);
    mine.fill([row("a", 1)], "");
    expect(brief(mine.apply(change(row("a", 1, { lines: 2 })), ""))).toEqual([]);
    expect(brief(mine.apply(change(row("a", 2)), ""))).toEqual(["message a"]);
    expect(brief(mine.apply(change(row("b", 2)), ""))).toEqual(["assigned b"]);
    expect(brief(mine.apply(change(row("c", 2, { owner: 8 })), ""))).toEqual([]);
    expect(brief(mine.apply(change(row("d", 2, { state: "closed" })), ""))).toEqual([]);
    expect(mine.unread).toBe(2);
    expect(mine.open("a")).toBe(true);
    expect(mine.open("a")).toBe(false);
    expect(mine.unread).toBe(1);
    mine.apply(change(row("b", 2, { owner: 8 })), "");
    expect(mine.unread).toBe(0);
  });

  it("is silent about the one that is looked at", () => {
    const mine = new Mine(7);
    mine.fill([row("a", 1)], "a");
    expect(mine.apply(change(row("a", 2)), "a")).toEqual([]);
    expect(mine.apply(change(row("b", 2)), "b")).toEqual([]);
    expect(mine.apply(change(row("a", 2)), "")).toEqual([]);
  });

  it("tells after a gap what came in it, and forgets what is gone", () => {
    const mine = new Mine(7);
    mine.fill([row("a", 1), row("b", 1)], "");
    expect(brief(mine.fill([row("a", 3), row("c", 1)], ""))).toEqual(["message a", "assigned c"]);
    mine.apply({ kind: "gone", session: "a" }, "");
    expect(mine.unread).toBe(1);
    expect(brief(mine.fill([row("b", 1), row("c", 1)], ""))).toEqual(["assigned b"]);
  });
});

describe("together", () => {
  const notice = (kind: Notice["kind"], session: string): Notice => ({ kind, session, row: row(session, 1) });
  it.each([
    [[notice("message", "a")], "console.notice.message", 1, 1],
    [[notice("message", "a"), notice("message", "a")], "console.notice.messages", 1, 2],
    [[notice("assigned", "a"), notice("message", "a")], "console.notice.assigned", 1, 1],
    [[notice("assigned", "a"), notice("message", "b")], "console.notice.many", 2, 1],
  ] as const)("%#", (list, key, n, messages) => expect(together(list)).toMatchObject({ key, n, messages }));
  it("is nothing of nothing", () => expect(together([])).toBeUndefined());
});
