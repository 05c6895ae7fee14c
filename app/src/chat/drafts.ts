// What an agent has begun to write, kept on the server.

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, type Client, pathOf } from "../api/client";
import type { Draft } from "../api/types";
import { usePage } from "../live/page";

/** Which of the two texts is written. */
export type Tab = "reply" | "note";

export type Texts = Record<Tab, string>;

/** How long after the last key a draft is kept, in milliseconds. */
const rest = 500;

/** How long after a failure it is tried again, in milliseconds. */
const again = 5000;

/** Keeps the drafts of one conversation: the newest wins, one is put away at a time. */
export class Keeper {
  #texts: Texts = { reply: "", note: "" };
  #kept: Texts = { reply: "", note: "" };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #loaded = false;
  #closed = false;
  #touched = new Set<Tab>();

  constructor(
    private readonly client: Pick<Client, "get" | "put">,
    private readonly path: string,
  ) {}

  get texts(): Texts {
    return this.#texts;
  }

  /** Reads what was kept, for as long as that may succeed. What was written meanwhile stays; nothing is kept before, over what is not known. */
  async load(): Promise<Texts> {
    for (;;) {
      try {
        const draft = await this.client.get<Draft>(this.path);
        this.#kept = { reply: draft.reply ?? "", note: draft.note ?? "" };
        for (const tab of ["reply", "note"] as const) if (!this.#touched.has(tab)) this.#texts = { ...this.#texts, [tab]: this.#kept[tab] };
        break;
      } catch (error) {
        if (this.#closed || !(error instanceof ApiError && error.passing)) break;
        await new Promise((resolve) => setTimeout(resolve, again));
      }
    }
    this.#loaded = true;
    if (this.#touched.size && !this.#timer) void this.flush(this.#closed);
    return this.#texts;
  }

  /** Takes a text, to be kept soon. */
  write(tab: Tab, text: string): void {
    this.#touched.add(tab);
    this.#texts = { ...this.#texts, [tab]: text };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), rest);
  }

  /** Keeps what is not kept yet. With last the page may be gone before the answer comes. */
  async flush(last = false): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#loaded || (this.#busy && !last) || this.#same()) return;
    this.#busy = true;
    const texts = this.#texts;
    try {
      await this.client.put<void>(this.path, texts, last);
      this.#kept = texts;
    } catch {
      if (!this.#closed) this.#timer ??= setTimeout(() => void this.flush(), again);
      return;
    } finally {
      this.#busy = false;
    }
    if (!this.#same() && !this.#timer) await this.flush();
  }

  /** Keeps what is not kept, and stops trying. */
  close(): void {
    this.#closed = true;
    void this.flush(true);
  }

  #same(): boolean {
    return this.#texts.reply === this.#kept.reply && this.#texts.note === this.#kept.note;
  }
}

/** The two texts of a conversation, and how to change one. ready tells that those kept were read, or can't be. */
export function useDrafts(session: string): { texts: Texts; ready: boolean; write: (tab: Tab, text: string) => void; flush: () => void } {
  const { client } = usePage();
  const [state, setState] = useState<{ texts: Texts; ready: boolean }>({ texts: { reply: "", note: "" }, ready: false });
  const keeper = useRef<Keeper>();
  useEffect(() => {
    const mine = new Keeper(client, `${pathOf(session)}/draft`);
    keeper.current = mine;
    void mine.load().then((texts) => keeper.current === mine && setState({ texts, ready: true }));
    const hidden = () => void (document.visibilityState === "hidden" && mine.flush(true));
    const gone = () => void mine.flush(true);
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("pagehide", gone);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("pagehide", gone);
      mine.close();
    };
  }, [client, session]);
  const write = useCallback((tab: Tab, text: string) => {
    keeper.current?.write(tab, text);
    setState((before) => ({ ...before, texts: { ...before.texts, [tab]: text } }));
  }, []);
  const flush = useCallback(() => void keeper.current?.flush(), []);
  return { ...state, write, flush };
}
