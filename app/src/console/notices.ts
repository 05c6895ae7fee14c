// What an agent is told of: only their own conversations, and never the one they look at.

import type { Row } from "../api/types";
import type { LiveEvent } from "../live/live";
import { goesOn } from "../live/rows";

/** Something to tell. */
export interface Notice {
  kind: "assigned" | "message";
  session: string;
  row: Row;
}

/** An agent's own conversations, and which of them have something new. */
export class Mine {
  /** The newest message of each; empty until the first list was read. */
  #known: Map<string, number> | undefined;
  #unread = new Set<string>();

  constructor(private readonly me: number) {}

  /** Takes in all that are the agent's now. After the first time it tells what is new. */
  fill(rows: readonly Row[], open: string): Notice[] {
    const before = this.#known;
    this.#known = new Map(before);
    const now = new Set(rows.filter((row) => this.#mine(row)).map((row) => row.session));
    for (const session of [...this.#known.keys()]) if (!now.has(session)) this.#forget(session);
    if (before) return rows.flatMap((row) => this.#heard(row, open));
    for (const row of rows) if (this.#mine(row)) this.#known.set(row.session, inbound(row));
    return [];
  }

  /** Takes in what happened. */
  apply(event: LiveEvent, open: string): Notice[] {
    if (event.kind === "gone") this.#forget(event.session);
    if (event.kind !== "change" || !this.#known) return [];
    return this.#heard(event.row, open);
  }

  /** The agent looks at a conversation; whether that changes the count. */
  open(session: string): boolean {
    return this.#unread.delete(session);
  }

  /** How many have something new. */
  get unread(): number {
    return this.#unread.size;
  }

  #mine(row: Row): boolean {
    return this.me !== 0 && row.owner === this.me && goesOn(row);
  }

  #heard(row: Row, open: string): Notice[] {
    const known = this.#known as Map<string, number>;
    if (!this.#mine(row)) {
      this.#forget(row.session);
      return [];
    }
    const before = known.get(row.session);
    known.set(row.session, Math.max(inbound(row), before ?? 0));
    if (row.session === open || (before !== undefined && inbound(row) <= before)) return [];
    this.#unread.add(row.session);
    return [{ kind: before === undefined ? "assigned" : "message", session: row.session, row }];
  }

  #forget(session: string): void {
    this.#known?.delete(session);
    this.#unread.delete(session);
  }
}

function inbound(row: Row): number {
  return row.last_inbound ? Date.parse(row.last_inbound) : 0;
}

/** What several notices say together. */
export interface Told {
  key: "console.notice.assigned" | "console.notice.message" | "console.notice.messages" | "console.notice.many";
  /** How many conversations, and how many messages. */
  n: number;
  messages: number;
  /** The one that it is about, where it is one. */
  row: Row | undefined;
}

/** Notices as one; undefined for none. */
export function together(notices: readonly Notice[]): Told | undefined {
  const [first] = notices;
  if (!first) return undefined;
  const n = new Set(notices.map((one) => one.session)).size;
  const assigned = notices.some((one) => one.kind === "assigned");
  const messages = notices.filter((one) => one.kind === "message").length;
  if (n > 1) return { key: "console.notice.many", n, messages, row: undefined };
  return { key: assigned ? "console.notice.assigned" : messages > 1 ? "console.notice.messages" : "console.notice.message", n, messages, row: first.row };
}
