import { describe, expect, it } from "vitest";
import type { ConversationList, ListRow, Row, State, View } from "../api/types";
import { type Filters, Rows, belongs, everything, found, plain, unread } from "./rows";

const start = Date.parse("2026-11-23T12:00:00Z");
const iso = (ms: number) => new Date(ms).toISOString();

function row(session: string, more: Partial<ListRow> = {}): ListRow {
  return { session, number: "100", state: "active", contact: { id: `c-${session}` }, started: iso(start), window: { open: true }, lines: 1, ...more };
}

const listOf = (rows: ListRow[], total = rows.length): ConversationList => ({ rows, total, cursor: "", now: iso(start) });

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (n: number) => number {
  let x = seed * 2654435761 + 1;
  return (n) => {
    x = (Math.imul(x ^ (x >>> 15), 2246822519) + 3266489917) >>> 0;
    return ((x ^ (x >>> 13)) >>> 0) % n;
  };
}

const states: State[] = ["bot", "queued", "active", "pending", "stopped", "closed", "expired", "cancelled"];
const views: View[] = ["new", "mine", "all", "others", "attention", "snoozed", "ended", "expired"];

/** A desk of threads, each with its newest conversation. */
class Desk {
  rows = new Map<string, ListRow>();
  now = start;
  #count = 0;
  constructor(private readonly roll: (n: number) => number) {}

  /** Lets something happen, and tells it as the stream would. */
  step(): { kind: "change"; row: Row } | { kind: "gone"; session: string } {
    const { roll } = this;
    this.now += roll(600_000);
    const all = [...this.rows.keys()];
    const thread = all.length > 3 && roll(3) ? (all[roll(all.length)] as string) : `c${this.#count++}`;
    const before = this.rows.get(thread);
    if (before && roll(12) === 0) {
      this.rows.delete(thread);
      return { kind: "gone", session: before.session };
    }
    const fresh = !before || roll(6) === 0;
    const maybe = (n: number) => (roll(2) ? iso(this.now - roll(n)) : undefined);
    const state = states[roll(states.length)] as State;
    const next: ListRow = {
      ...row(fresh ? `s${this.#count++}` : before.session),
      contact: { id: thread, name: ["Ana Souza", "João", "Érica"][roll(3)] as string },
      started: fresh ? iso(this.now) : before.started,
      lines: fresh ? 1 : before.lines + roll(2),
      state,
      queue: ["N1", "n1 ", "Financeiro"][roll(3)] as string,
      tags: roll(2) ? ["vip"] : [],
      attention: roll(2) === 0,
      first: roll(4) === 0,
      owner: roll(3),
    };
    for (const key of ["queued_since", "owned_since", "unanswered_since", "last_inbound", "snoozed_until"] as const) {
      const at = maybe(3_600_000);
      if (at) next[key] = at;
    }
    if (["closed", "expired", "cancelled"].includes(state)) next.ended = iso(this.now - roll(48) * 3_600_000);
    this.rows.set(thread, next);
    return { kind: "change", row: next };
  }

  /** What the server would list. */
  list(filters: Filters, me: number): Rows {
    const rows = new Rows(filters, me);
    rows.fill(listOf([...this.rows.values()].filter((one) => belongs(one, filters, me, this.now))));
    return rows;
  }
}

describe("Rows", () => {
  it("is after any events what a fresh snapshot is", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const roll = dice(seed);
      const desk = new Desk(roll);
      for (let i = 0; i < 30; i++) desk.step();
      const filters: Filters = {
        view: views[roll(views.length)] as View,
        sort: (["newest", "waiting", "attending"] as const)[roll(3)] as Filters["sort"],
        queue: roll(3) ? "" : "N1",
        agent: roll(3) ? 0 : 1 + roll(2),
        tag: roll(3) ? "" : "vip",
        q: roll(3) ? "" : "erica",
      };
      const kept = desk.list(filters, 1);
      for (let i = 0; i < 60; i++) {
        kept.apply(desk.step(), desk.now);
        if (roll(5)) continue;
        kept.age(desk.now);
        const fresh = desk.list(filters, 1);
        if (filters.view !== "expired") expect(kept.order, `seed ${seed}, step ${i}`).toEqual(fresh.order);
        else expect([...kept.order].every((one) => fresh.order.includes(one))).toBe(true); // what expires by time alone is not told
        expect(kept.total).toBe(kept.order.length);
        for (const one of kept.order) expect(kept.get(one)).toMatchObject(fresh.get(one) as object);
      }
    }
  });

  it("puts the longest wait first, and those that go first before them in the queue", () => {
    const waits = (minutes: number) => ({ unanswered_since: iso(start - minutes * 60_000), state: "queued" as const });
    const list = [row("a", waits(3)), row("b", waits(9)), row("c", { ...waits(1), first: true }), row("d", { state: "queued" })];
    const all = new Rows(everything, 1);
    all.fill(listOf(list));
    expect(all.order).toEqual(["b", "a", "c", "d"]);
    const turn = new Rows({ ...everything, view: "new" }, 1);
    turn.fill(listOf(list));
    expect(turn.order).toEqual(["c", "b", "a", "d"]);
  });

  it("keeps the last words until they are read again", () => {
    const rows = new Rows(everything, 1);
    const last = { at: iso(start), author: "customer" as const, text: "Oi" };
    rows.fill(listOf([row("a", { last, seen: iso(start), draft: true })]));
    rows.apply({ kind: "change", row: row("a", { lines: 1, owner: 2 }) }, start);
    expect(rows.get("a")).toMatchObject({ last, draft: true, behind: false, owner: 2 });
    rows.apply({ kind: "change", row: row("a", { lines: 2, last_inbound: iso(start + 1) }) }, start);
    expect(rows.get("a")).toMatchObject({ last, behind: true });
    expect(unread(rows.get("a") as ListRow)).toBe(true);
    rows.refresh([row("a", { lines: 1, last })]); // an answer that is older than the event
    expect(rows.get("a")?.behind).toBe(true);
    rows.refresh([row("a", { lines: 2, last: { ...last, text: "Tudo bem?" } }), row("zz", { lines: 9 })]);
    expect(rows.get("a")).toMatchObject({ last: { text: "Tudo bem?" } });
    expect(rows.get("a")?.behind).toBeFalsy();
    expect(rows.order).toEqual(["a"]);
  });

  it("takes the last words of a stream that tells them", () => {
    const rows = new Rows(everything, 1);
    rows.fill(listOf([]));
    rows.apply({ kind: "change", row: row("a", { last: { at: iso(start), author: "agent", text: "Olá" } }) }, start);
    expect(rows.get("a")).toMatchObject({ last: { text: "Olá" }, behind: false });
  });

  it("shows the newest conversation of a thread alone", () => {
    const rows = new Rows(everything, 1);
    const contact = { id: "c" };
    rows.fill(listOf([row("old", { contact })]));
    rows.apply({ kind: "change", row: row("new", { contact, started: iso(start + 1) }) }, start);
    expect(rows.order).toEqual(["new"]);
    expect(rows.apply({ kind: "change", row: row("old", { contact }) }, start)).toBe(false);
    expect(rows.order).toEqual(["new"]);
  });

  it("counts on where the list was cut", () => {
    const rows = new Rows(everything, 1);
    rows.fill(listOf([row("a"), row("b")], 10));
    rows.apply({ kind: "gone", session: "a" }, start);
    expect([rows.total, rows.cut]).toEqual([9, true]);
    rows.apply({ kind: "gone", session: "unknown" }, start);
    rows.apply({ kind: "desk" }, start);
    expect(rows.total).toBe(9);
  });

  it("notes what the agent did", () => {
    const rows = new Rows(everything, 1);
    rows.fill(listOf([row("a", { last_inbound: iso(start) })]));
    expect(unread(rows.get("a") as ListRow)).toBe(true);
    const before = rows.version;
    rows.note("a", { seen: iso(start), draft: true });
    rows.note("b", { draft: true });
    expect(rows.version).toBe(before + 1);
    expect(unread(rows.get("a") as ListRow)).toBe(false);
    rows.settle("a");
    expect(rows.get("a")?.behind).toBe(false);
  });

  it("lists tags, the most used first", () => {
    const rows = new Rows(everything, 1);
    rows.fill(listOf([row("a", { tags: ["b", "c"] }), row("b", { tags: ["c", "a"] })]));
    expect(rows.tags).toEqual(["c", "a", "b"]);
  });
});

describe("found", () => {
  const one = row("01ABC", { contact: { id: "c", name: "José da Silva", phone: "+5511987654321" }, organization: { id: 1, name: "Padaria Pão Quente", cnpj: "12.345.678/0001-95", checked: iso(start) }, ticket: 4711, attendance: "261123-007" });
  it.each([
    ["jose", true],
    ["silva jos", true],
    ["PÃO", true],
    ["98765-4321", true],
    ["12.345.678/0001", true],
    ["123456780001", true],
    ["4711", true],
    ["261123-007", true],
    ["01ABC", true],
    ["11 8765-4321", true],
    ["55 11 8765-4321", true],
    ["silva 4711", true],
    ["", true],
    ["maria", false],
    ["jose maria", false],
    ["99999", false],
  ])("%s", (q, want) => expect(found(one, q)).toBe(want));
});

it("compares texts without accents, capitals and blanks", () => expect(plain("  Suporte   TÉCNICO ")).toBe("suporte tecnico"));
