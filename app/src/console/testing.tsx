// A page for tests: a server that answers from tables, a stream that the test feeds, both languages, both schemes.

import { configure, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { Client } from "../api/client";
import type { Conversation, ListRow, Session } from "../api/types";
import { Speaking } from "../i18n";
import { pt } from "../i18n/pt";
import type { LiveEvent } from "../live/live";
import { type Page, PageProvider } from "../live/page";
import { Themed } from "../theme";
import type { Scheme } from "../zaf";

// Whether an element is hidden is reckoned from all styles around it, which takes seconds here; what is shown is looked at in a browser.
configure({ defaultHidden: true, asyncUtilTimeout: 4000 });

/** Now, in these tests. */
export const at = Date.parse("2026-11-23T15:00:00Z");
export const iso = (ms: number) => new Date(ms).toISOString();

export function rowOf(session: string, more: Partial<ListRow> = {}): ListRow {
  return { session, number: "100", state: "active", contact: { id: `c-${session}`, name: `Cliente ${session}` }, started: iso(at - 3_600_000), window: { open: true, ends: iso(at + 36_000_000) }, lines: 1, ...more };
}

export function conversationOf(row: ListRow, more: Partial<Conversation> = {}): Conversation {
  const { session, number, contact, state, started, window, owner, owner_name, queue, organization, flags, ticket } = row;
  const known = Object.fromEntries(Object.entries({ owner, owner_name, queue, organization, flags, ticket }).filter(([, value]) => value !== undefined));
  return { session, number, contact, state, started, window, ...known, waiting: { ticket: 0, phone: 0, kept: 0, files: 0 }, sessions: [session], now: iso(at), ...more };
}

/** A request that was made. */
export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  body: Record<string, unknown> | undefined;
}

/** What a route answers: a value, or one with a status. */
export type Route = (asked: Asked) => unknown;

export class Answered {
  constructor(
    readonly status: number,
    readonly value: unknown,
  ) {}
}

export const session: Session = {
  agent: { id: 7, name: "Marina Prado", role: "supervisor", groups: [] },
  everything: true,
  expires: iso(at + 3_600_000),
  numbers: [{ id: "100", name: "Suporte" }],
  queues: ["N1"],
  ticket_url: "/t/{id}",
  zone: "America/Sao_Paulo",
} as Session;

const quiet = { waiting: 0, online: 1, with_room: 1 };

/** The server of a desk with some conversations. */
export function desk(rows: ListRow[], routes: Record<string, Route> = {}): { asked: Asked[]; fetcher: typeof fetch; rows: ListRow[] } {
  const asked: Asked[] = [];
  const counts = { new: 1, mine: 2, all: rows.length, others: 0, attention: 0, snoozed: 0, ended: 0, expired: 0 };
  const answer = (one: Asked): unknown => {
    const own = routes[`${one.method} ${one.path}`];
    if (own) return own(one);
    const [, of, what] = /^\/conversations\/([^/]+)\/?(\w*)$/.exec(one.path) ?? [];
    const row = rows.find((r) => r.session === of);
    if (one.path === "/overview") {
      return { now: iso(at), counts, queues: [{ queue: "N1", ...quiet }], agents: [{ id: 7, name: "Marina Prado", presence: "online", groups: [], limit: 5, load: 2 }] };
    }
    if (one.path === "/conversations") {
      const found = rows.filter((r) => !one.query.q || JSON.stringify(r).toLowerCase().includes(one.query.q.toLowerCase()));
      return { rows: found, total: found.length, cursor: "1", now: iso(at) };
    }
    if (row && !what) return conversationOf(row);
    if (what === "messages") return { session: of, rev: 0, messages: [] };
    if (what === "history") return { conversations: [], tickets: [] };
    if (what === "here") return { session: of, agents: [] };
    if (what === "draft" || what === "seen") return {};
    if (one.method !== "GET") return { id: one.body?.id, ok: true };
    return new Answered(404, { code: "not_found", text: "Não existe." });
  };
  const fetcher = (async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, "http://x");
    const one: Asked = {
      method: init.method ?? "GET",
      path: url.pathname.replace("/api/v1", ""),
      query: Object.fromEntries(url.searchParams),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : undefined,
    };
    asked.push(one);
    const said = answer(one);
    const [status, value] = said instanceof Answered ? [said.status, said.value] : [200, said];
    return new Response(JSON.stringify(value), { status });
  }) as typeof fetch;
  return { asked, fetcher, rows };
}

/** A page around what is tested. tell feeds the stream. */
export async function show(what: ReactNode, fetcher: typeof fetch, options: { scheme?: Scheme; session?: Session; inside?: boolean } = {}) {
  const listeners = new Set<(event: LiveEvent) => void>();
  const started = vi.fn();
  const notified = vi.fn();
  const toast = vi.fn();
  const own = options.session ?? session;
  const client = new Client(async (input, init) => (String(input).endsWith("/session") && init?.method === "GET" ? new Response(JSON.stringify(own)) : fetcher(input as string, init)));
  await client.open("token");
  const live = {
    staleSince: 0,
    listen: (f: (event: LiveEvent) => void) => {
      listeners.add(f);
      return () => void listeners.delete(f);
    },
    start: started,
    watch: () => () => {},
    pause: vi.fn(),
    resume: vi.fn(),
  };
  const host = { inside: options.inside ?? true, ticket: async () => 0, scheme: async () => "light", onScheme: () => {}, onShown: () => {}, notify: notified, openTicket: vi.fn(), resize: () => {} };
  const page = { client, live, host, session: own, toast } as unknown as Page;
  const view = render(
    <Speaking language="pt-BR" words={pt} zone="America/Sao_Paulo">
      <Themed scheme={options.scheme ?? "light"}>
        <PageProvider value={page}>{what}</PageProvider>
      </Themed>
    </Speaking>,
  );
  const tell = (event: LiveEvent) => {
    for (const f of [...listeners]) f(event);
  };
  return { ...view, tell, toast, started, notified, host, live };
}
