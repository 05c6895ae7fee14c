// What an agent sends, from the key press until the server's list of messages has it. Nothing is lost by looking at another conversation
// meanwhile, and nothing is sent twice: trying again is the same command.

import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { ApiError, type Client, pathOf } from "../api/client";
import type { Message } from "../api/types";

/**
 * How far something got: on its way to the server; taken by the server; not known to have reached it, to be tried again; refused for good.
 */
export type OutState = "waiting" | "taken" | "failed" | "refused";

/** A file that goes with a message, and the upload that it was stored as. */
export interface OutFile {
  file: File;
  kind: string;
  upload: string;
  voice: boolean;
}

/** Something that an agent sends. */
export interface Outgoing {
  /** The command's id, which the message bears later. */
  id: string;
  kind: "reply" | "note" | "template";
  /** When, in milliseconds by the server's clock. */
  at: number;
  text: string;
  /** What the command says besides its id. */
  body: Record<string, unknown>;
  quote?: Message | undefined;
  file?: OutFile | undefined;
  state: OutState;
  /** The server keeps it until the customer writes. */
  kept: boolean;
  /** Why it failed or was refused: the server's words, "" without any. */
  reason: string;
  code: string;
}

/** What happens to the things that are sent in one conversation. */
export type OutEvent =
  | { kind: "added"; item: Outgoing }
  | { kind: "taken"; id: string; kept: boolean }
  | { kind: "failed"; id: string; code: string; reason: string }
  | { kind: "refused"; id: string; code: string; reason: string }
  | { kind: "again"; id: string }
  | { kind: "dropped"; id: string }
  | { kind: "arrived"; commands: ReadonlySet<string> };

/** What is on its way after an event. A message that arrived is gone from here, whatever was thought of it before. */
export function step(list: readonly Outgoing[], event: OutEvent): readonly Outgoing[] {
  const put = (id: string, from: OutState, change: Partial<Outgoing>) => {
    const at = list.findIndex((one) => one.id === id && one.state === from);
    return at < 0 ? list : list.map((one, i) => (i === at ? { ...one, ...change } : one));
  };
  switch (event.kind) {
    case "added":
      return list.some((one) => one.id === event.item.id) ? list : [...list, event.item];
    case "taken":
      return put(event.id, "waiting", { state: "taken", kept: event.kept, reason: "", code: "" });
    case "failed":
      return put(event.id, "waiting", { state: "failed", reason: event.reason, code: event.code });
    case "refused":
      return put(event.id, "waiting", { state: "refused", reason: event.reason, code: event.code });
    case "again":
      return put(event.id, "failed", { state: "waiting", reason: "", code: "" });
    case "dropped":
      return list.filter((one) => one.id !== event.id || one.state === "waiting");
    case "arrived":
      return list.some((one) => event.commands.has(one.id)) ? list.filter((one) => !event.commands.has(one.id)) : list;
  }
}

/** Whether an error leaves open what became of a command, or only that it may succeed later. */
function passing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.passing || error.status === 401;
}

const none: readonly Outgoing[] = [];

/** What is on its way in all conversations of a page. One thing after the other goes out in each, so that their order stays. */
export class Outbox {
  #lists = new Map<string, readonly Outgoing[]>();
  #turns = new Map<string, Promise<void>>();
  #listeners = new Map<string, Set<() => void>>();
  /** Is told where something failed that nobody looks at. */
  lost: ((session: string) => void) | undefined;

  constructor(private readonly client: Pick<Client, "command">) {}

  of(session: string): readonly Outgoing[] {
    return this.#lists.get(session) ?? none;
  }

  /** Whether something is not known to have reached the server. */
  get open(): boolean {
    return [...this.#lists.values()].some((list) => list.some((one) => one.state === "waiting" || one.state === "failed"));
  }

  listen(session: string, f: () => void): () => void {
    const set = this.#listeners.get(session) ?? new Set();
    this.#listeners.set(session, set.add(f));
    return () => void set.delete(f);
  }

  /** Sends something. */
  send(session: string, item: Outgoing): void {
    this.tell(session, { kind: "added", item });
    this.#queue(session, item.id);
  }

  /** Sends what failed once more, as the same command. */
  again(session: string, id: string): void {
    if (!this.of(session).some((one) => one.id === id && one.state === "failed")) return;
    this.tell(session, { kind: "again", id });
    this.#queue(session, id);
  }

  tell(session: string, event: OutEvent): void {
    const before = this.of(session);
    const after = step(before, event);
    if (after === before) return;
    if (after.length) this.#lists.set(session, after);
    else this.#lists.delete(session);
    const listeners = this.#listeners.get(session);
    for (const f of listeners ?? []) f();
    if ((event.kind === "failed" || event.kind === "refused") && !listeners?.size) this.lost?.(session);
  }

  #queue(session: string, id: string): void {
    const turn = (this.#turns.get(session) ?? Promise.resolve()).then(() => this.#carry(session, id));
    this.#turns.set(session, turn);
  }

  async #carry(session: string, id: string): Promise<void> {
    const item = this.of(session).find((one) => one.id === id);
    if (!item) return;
    const where = pathOf(session);
    try {
      const answer = await this.client.command(`${where}/${item.kind}`, id, item.body, where);
      this.tell(session, { kind: "taken", id, kept: answer.delivery === "kept" });
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "failed";
      const reason = error instanceof ApiError ? error.message : "";
      this.tell(session, { kind: passing(error) ? "failed" : "refused", id, code, reason });
    }
  }
}

const outboxes = new WeakMap<Client, Outbox>();

/** The outbox of a page. */
export function outboxOf(client: Client): Outbox {
  let outbox = outboxes.get(client);
  if (!outbox) {
    const made = new Outbox(client);
    outboxes.set(client, (outbox = made));
    window.addEventListener("beforeunload", (event) => {
      if (made.open) event.preventDefault();
    });
  }
  return outbox;
}

/** What is on its way in one conversation; the messages that arrived leave it. */
export function useOutbox(outbox: Outbox, session: string, messages: readonly Message[] | undefined): readonly Outgoing[] {
  const listen = useCallback((f: () => void) => outbox.listen(session, f), [outbox, session]);
  const list = useSyncExternalStore(listen, () => outbox.of(session));
  const arrived = useMemo(() => new Set((messages ?? []).flatMap((one) => one.command ?? [])), [messages]);
  useEffect(() => outbox.tell(session, { kind: "arrived", commands: arrived }), [outbox, session, arrived, list]);
  return useMemo(() => step(list, { kind: "arrived", commands: arrived }), [list, arrived]);
}
