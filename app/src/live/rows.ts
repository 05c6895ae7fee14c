// The rows of one list, kept as the server would list them now: a snapshot, and what the stream tells since. No time of the agent's machine, no I/O.

import type { ConversationList, ListRow, Row, View } from "../api/types";
import type { LiveEvent } from "./live";

export type Sort = "newest" | "waiting" | "attending";

/** What a list is asked for; "" and 0 mean any. */
export interface Filters {
  view: View;
  sort: Sort;
  queue: string;
  agent: number;
  tag: string;
  q: string;
}

/** The first list that an agent sees. */
export const everything: Filters = { view: "all", sort: "waiting", queue: "", agent: 0, tag: "", q: "" };

/** How many rows a list is read with at most. */
export const mostRows = 2000;

/** How long ago a closed conversation ended that is listed with the expired ones, in milliseconds. */
const longClosed = 24 * 3600_000;

const over = new Set(["closed", "expired", "cancelled"]);

/** Whether a conversation goes on. */
export function goesOn(row: { state: string }): boolean {
  return !over.has(row.state);
}

/** A text as it is compared: no accents, no capitals, single blanks. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().trim().replace(/\s+/g, " ");
}

/** A text as it is searched: letters and digits in lower case without accents; other signs are left out, so that "12.345-6" is "123456". */
function folded(text: string): string {
  return plain(text.normalize("NFKD").replace(/[^\p{L}\p{Nd}\s]/gu, ""));
}

/** A Brazilian mobile with its ninth digit; every other number as it is. */
function canonical(digits: string): string {
  return /^55[1-9]\d[6-9]\d{7}$/.test(digits) ? `${digits.slice(0, 4)}9${digits.slice(4)}` : digits;
}

/** How many words are searched. */
const mostWords = 8;

/**
 * Whether a row is found by what was typed, as the server finds it: every word occurs in the names or the numbers. Digits may have signs
 * and spaces between them, and a mobile may lack its ninth digit.
 */
export function found(row: Row, typed: string): boolean {
  const text = folded(typed);
  if (!text || row.session === typed.trim()) return true;
  const digits = text.replace(/ /g, "");
  const words = /^\d+$/.test(digits) ? [digits] : text.split(" ").slice(0, mostWords);
  const phone = (row.contact.phone ?? "").replace(/\D/g, "");
  const all = [row.contact.name, row.contact.username, row.organization?.name, canonical(phone), phone, row.organization?.cnpj, row.ticket ? String(row.ticket) : "", row.attendance].map((one) => folded(one ?? "")).join(" ");
  return words.every((word) => [word, canonical(word), canonical(`55${word}`).slice(2)].some((form) => all.includes(form)));
}

function inView(row: Row, view: View, me: number, now: number): boolean {
  const open = goesOn(row);
  const attended = (row.state === "active" || row.state === "pending") && !row.snoozed_until;
  switch (view) {
    case "new":
      return row.state === "queued" && !row.owner;
    case "mine":
      return attended && me !== 0 && row.owner === me;
    case "others":
      return attended && Boolean(row.owner) && row.owner !== me;
    case "all":
      return open;
    case "attention":
      return open && Boolean(row.attention);
    case "snoozed":
      return open && Boolean(row.snoozed_until);
    case "ended":
      return !open;
    case "expired":
      return row.state === "expired" || (row.state === "closed" && now - time(row.ended) >= longClosed);
  }
}

/** Whether a conversation that the agent may see is in a list. It says what the server says. */
export function belongs(row: Row, filters: Filters, me: number, now: number): boolean {
  return (
    inView(row, filters.view, me, now) &&
    (!filters.agent || row.owner === filters.agent) &&
    (!filters.queue || plain(row.queue ?? "") === plain(filters.queue)) &&
    (!filters.tag || Boolean(row.tags?.includes(filters.tag))) &&
    found(row, filters.q)
  );
}

function time(at: string | undefined): number {
  return at ? Date.parse(at) : 0;
}

/** A row of a list. */
export interface Entry extends ListRow {
  /** The newest words are not known: they came after `last` was read. */
  behind?: boolean;
}

/** What an entry is sorted by, read once. */
interface Kept {
  entry: Entry;
  inbound: number;
  started: number;
  ended: number;
  unanswered: number;
  queued: number;
  had: number;
}

function kept(entry: Entry): Kept {
  return {
    entry,
    inbound: time(entry.last_inbound),
    started: time(entry.started),
    ended: time(entry.ended),
    unanswered: time(entry.unanswered_since),
    queued: time(entry.queued_since),
    had: time(entry.owned_since),
  };
}

/** The earlier time first, no time last. */
function earlier(a: number, b: number): number {
  return a === b ? 0 : !a ? 1 : !b ? -1 : a - b;
}

const byNewest = (a: Kept, b: Kept) => b.inbound - a.inbound || b.started - a.started;
const byEnd = (a: Kept, b: Kept) => b.ended - a.ended || b.started - a.started;
const byWaiting = (a: Kept, b: Kept) => earlier(a.unanswered, b.unanswered) || earlier(a.queued, b.queued) || byNewest(a, b);
const byAttending = (a: Kept, b: Kept) => earlier(a.had, b.had) || byWaiting(a, b);
const byTurn = (a: Kept, b: Kept) => Number(b.entry.first ?? false) - Number(a.entry.first ?? false) || byWaiting(a, b);

function orderOf({ view, sort }: Filters): (a: Kept, b: Kept) => number {
  const past = view === "ended" || view === "expired";
  const by = sort === "newest" ? byNewest : past ? byEnd : sort === "attending" ? byAttending : view === "new" ? byTurn : byWaiting;
  return (a, b) => by(a, b) || (a.entry.session < b.entry.session ? -1 : a.entry.session > b.entry.session ? 1 : 0);
}

/** A thread: a contact on a number. A list shows its newest conversation alone. */
const threadOf = (row: Row) => `${row.number} ${row.contact.id}`;

/** The rows of a list. What is known is changed by fill, apply, refresh and seen; version grows with every change. */
export class Rows {
  version = 0;
  /** Whether the list is longer than what was read of it. */
  cut = false;
  #kept = new Map<string, Kept>();
  #threads = new Map<string, string>();
  #order: string[] | undefined;
  #total = 0;

  constructor(
    readonly filters: Filters,
    readonly me: number,
  ) {}

  /** Takes in a snapshot, in place of all that was known. */
  fill(list: ConversationList): void {
    this.#kept = new Map();
    this.#threads = new Map();
    for (const row of list.rows) this.#put(row);
    this.#total = list.total;
    this.cut = list.total > list.rows.length;
    this.#changed();
  }

  /** Takes in what happened; it tells whether the list is another one now. */
  apply(event: LiveEvent, now: number): boolean {
    if (event.kind === "gone") return this.#drop(event.session);
    if (event.kind !== "change") return false;
    const { row } = event;
    const other = this.#threads.get(threadOf(row));
    let changed = false;
    if (other && other !== row.session) {
      if (time(row.started) < (this.#kept.get(other)?.started ?? 0)) return false; // an earlier conversation of the thread
      changed = this.#drop(other);
    }
    const before = this.#kept.get(row.session);
    if (!belongs(row, this.filters, this.me, now)) return this.#drop(row.session) || changed;
    if (!before) this.#total++;
    this.#put(merged(before?.entry, row));
    this.#changed();
    return true;
  }

  /** Takes out what does not belong any more because time went by. */
  age(now: number): boolean {
    let changed = false;
    for (const { entry } of [...this.#kept.values()]) if (!belongs(entry, this.filters, this.me, now)) changed = this.#drop(entry.session) || changed;
    return changed;
  }

  /** Takes in rows as they were read again, as far as they are listed. */
  refresh(rows: ListRow[]): void {
    for (const row of rows) {
      const before = this.#kept.get(row.session);
      if (before && row.lines >= before.entry.lines) this.#put(row);
    }
    this.#changed();
  }

  /** Gives up on finding a row's newest words. */
  settle(session: string): void {
    this.#own(session, { behind: false });
  }

  /** Notes that the agent has read a conversation up to a time, or has begun to write in it. */
  note(session: string, own: { seen?: string; draft?: boolean }): void {
    this.#own(session, own);
  }

  /** The sessions, in the list's order. */
  get order(): readonly string[] {
    const by = orderOf(this.filters);
    this.#order ??= [...this.#kept.values()].sort(by).map((one) => one.entry.session);
    return this.#order;
  }

  /** How many there are, also where the list was cut. */
  get total(): number {
    return this.cut ? this.#total : this.#kept.size;
  }

  get(session: string): Entry | undefined {
    return this.#kept.get(session)?.entry;
  }

  /** The tags in the list, those that most have first. */
  get tags(): string[] {
    const counts = new Map<string, number>();
    for (const { entry } of this.#kept.values()) for (const tag of entry.tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([tag]) => tag);
  }

  #own(session: string, own: Partial<Entry>): void {
    const before = this.#kept.get(session);
    if (!before) return;
    this.#kept.set(session, { ...before, entry: { ...before.entry, ...own } });
    this.version++;
  }

  #put(entry: Entry): void {
    this.#kept.set(entry.session, kept(entry));
    this.#threads.set(threadOf(entry), entry.session);
  }

  #drop(session: string): boolean {
    const before = this.#kept.get(session);
    if (!before) return false;
    this.#kept.delete(session);
    if (this.#threads.get(threadOf(before.entry)) === session) this.#threads.delete(threadOf(before.entry));
    this.#total--;
    this.#changed();
    return true;
  }

  #changed(): void {
    this.#order = undefined;
    this.version++;
  }
}

/** A row as the stream tells it, with what only lists tell. */
function merged(before: Entry | undefined, row: Row): Entry {
  const told = row as ListRow; // a stream that tells the newest words is believed
  const entry: Entry = { ...row };
  const last = told.last ?? before?.last;
  if (last) entry.last = last;
  if (before?.seen) entry.seen = before.seen;
  if (before?.draft) entry.draft = before.draft;
  entry.behind = !told.last && (!before || before.behind === true || before.lines !== row.lines);
  return entry;
}

/** Whether the customer wrote something that the agent has not read. */
export function unread(entry: ListRow): boolean {
  return goesOn(entry) && Boolean(entry.last_inbound) && time(entry.seen) < time(entry.last_inbound);
}
