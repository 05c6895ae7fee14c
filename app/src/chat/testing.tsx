// What the chat's tests share: a server that answers as Ponte's does, and the chat in a page.

import { configure, render } from "@testing-library/react";
import { vi } from "vitest";
import type { Action } from "../actions/action";
import { Client } from "../api/client";
import type { Conversation, Draft, Here, Message, Session } from "../api/types";
import { Speaking } from "../i18n";
import { pt } from "../i18n/pt";
import type { LiveEvent } from "../live/live";
import { PageProvider } from "../live/page";
import { Themed } from "../theme";
// What a page loads when it is needed is there at once: a slow machine is no failure.
import "./audio";
import "./canned";
import "./composer";
import "./templates";
import { Chat } from "./chat";
import { SelectionProvider, useSelection } from "./selection";

configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

const session = "wa-1";
let place = 0;

/** A message of a test. */
export function message(more: Partial<Message> & { id: string }): Message {
  place++;
  return { rev: place, place, at: new Date(Date.parse("2026-11-23T12:00:00Z") + place * 1000).toISOString(), kind: "message", author: "customer", origin: "whatsapp", type: "text", ...more };
}

interface Command {
  path: string;
  id: string;
  body: unknown;
}

type Reply = { status: number; body: unknown } | (() => Promise<Response>);

const json = (body: unknown, status = 200) => new Response(status === 204 ? null : JSON.stringify(body), { status });

/** A server with one conversation. */
class Server {
  commands: Command[] = [];
  seen: string[] = [];
  #queue = new Map<string, Reply[]>();
  #held = new Set<string>();
  #waiting: (() => void)[] = [];
  #listeners = new Set<(event: LiveEvent) => void>();

  constructor(
    public draft: Draft,
    private messages: Message[],
    private readonly before: string,
    private broken: boolean,
  ) {}

  /** What the next command of a kind is answered with. */
  next(kind: string, reply: Reply): void {
    this.#queue.set(kind, [...(this.#queue.get(kind) ?? []), reply]);
  }
  /** Lets commands of a kind wait until release. */
  hold(kind: string): void {
    this.#held.add(kind);
  }
  release(): void {
    this.#held.clear();
    for (const f of this.#waiting.splice(0)) f();
  }
  mend(): void {
    this.broken = false;
  }
  say(one: Message): void {
    this.messages = [...this.messages, one];
    this.tell({ kind: "change", row: { session } as never });
  }
  here(agents: Here["agents"]): void {
    this.tell({ kind: "here", here: { session, agents } });
  }
  tell(event: LiveEvent): void {
    for (const f of this.#listeners) f(event);
  }

  live = {
    listen: (f: (event: LiveEvent) => void) => {
      this.#listeners.add(f);
      return () => void this.#listeners.delete(f);
    },
    watch: () => () => {},
  };

  fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input), "http://ponte.test");
    const path = url.pathname.replace("/api/v1", "");
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    const kind = path.split("/").pop() ?? "";
    switch (`${init.method} ${kind}`) {
      case "GET messages":
        return this.broken ? json({ code: "unavailable", text: "" }, 503) : json({ session, rev: this.messages.length, messages: this.messages });
      case "GET conversations":
        return json({ rows: [{ session, ...(this.before ? { seen: this.before } : {}) }], total: 1, cursor: "", now: "2026-11-23T12:00:00Z" });
      case "GET draft":
        return json(this.draft);
      case "PUT draft":
        this.draft = body as Draft;
        return json(undefined, 204);
      case "PUT seen":
        this.seen.push(String(body.at));
        return json(undefined, 204);
      case "PUT here":
        return json({ session, agents: [] });
      case "GET canned":
        return json({
          replies: [
            { id: "1", folder: "Financeiro", title: "Boleto", short: "boleto", text: "Segue o boleto, {{contato.nome}}.", filled: "Segue o boleto, Ana." },
            { id: "2", title: "Horário", text: "Atendemos das 8h às 18h, {{fila.nome}}.", filled: "Atendemos das 8h às 18h, {{fila.nome}}.", missing: ["{{fila.nome}}"] },
          ],
        });
      case "GET templates":
        return json({
          templates: [
            { name: "aviso_prazo", language: "pt_BR", status: "APPROVED", category: "UTILITY", body: "Olá {{1}}, o prazo é {{2}}.", variables: 2 },
            { name: "recusado", language: "pt_BR", status: "REJECTED", category: "UTILITY", body: "Não", variables: 0 },
          ],
        });
    }
    if (init.method !== "POST") return json({ code: "not_found", text: "" }, 404);
    const { id, ...rest } = body as { id: string };
    this.commands.push({ path, id, body: rest });
    if (this.#held.has(kind)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const answer = this.#queue.get(kind)?.shift();
    if (typeof answer === "function") return answer();
    return answer ? json(answer.body, answer.status) : json({ id, ok: true, delivery: "queued" });
  };
}

interface Setup {
  conversation?: Partial<Conversation>;
  messages?: Message[];
  draft?: Draft;
  seen?: string;
  actions?: Action[];
  scheme?: "light" | "dark";
  broken?: boolean;
}

function Chosen({ take }: { take: (ids: string[]) => void }) {
  take(useSelection().ids);
  return null;
}

/** Shows a chat with a server behind it. */
export function showChat(setup: Setup = {}) {
  const server = new Server(setup.draft ?? {}, setup.messages ?? [message({ id: "wamid.0", wamid: "wamid.0", text: "Bom dia, preciso de ajuda" })], setup.seen ?? "", setup.broken ?? false);
  const client = new Client(server.fetch as typeof fetch);
  const own = { agent: { id: 7, name: "Eu" }, zone: "America/Sao_Paulo" } as unknown as Session;
  const conversation = {
    session, number: "1", contact: { id: "c", name: "Ana" }, state: "active", started: "2026-11-23T11:00:00Z", window: { open: true, ends: new Date(Date.now() + 20 * 3_600_000).toISOString() },
    waiting: { ticket: 0, phone: 0, kept: 0, files: 0 }, sessions: [session], ...setup.conversation,
  } as Conversation;
  let ids: string[] = [];
  const shown = render(
    <Speaking language="pt-BR" words={pt} zone="America/Sao_Paulo">
      <Themed scheme={setup.scheme ?? "light"}>
        <PageProvider value={{ client, live: server.live as never, host: {} as never, session: own, toast: () => {} }}>
          <SelectionProvider>
            <Chat session={session} conversation={conversation} actions={{ list: setup.actions ?? [], dialog: null }} />
            <Chosen take={(now) => (ids = now)} />
          </SelectionProvider>
        </PageProvider>
      </Themed>
    </Speaking>,
  );
  return { ...shown, server, chosen: () => ids };
}
