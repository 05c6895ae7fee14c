// What changes, as the server tells it: one stream per page, kept up over cuts, silences and renewed sessions.

import { type Client, ApiError } from "../api/client";
import { type ServerEvent, parser } from "../api/sse";
import type { Here, Row } from "../api/types";

/** What listeners hear. `stale` and `fresh` tell that the page falls behind and that it has caught up. */
export type LiveEvent =
  | { kind: "change"; row: Row }
  | { kind: "gone"; session: string }
  | { kind: "desk" }
  | { kind: "here"; here: Here }
  | { kind: "reset" } // everything is to be read again
  | { kind: "stale"; since: number }
  | { kind: "fresh" };

type Listener = (event: LiveEvent) => void;

/** Times in milliseconds: silence after which a stream counts as dead, and the waits before it is opened again. */
const silence = 40_000;
const waitFirst = 1_000;
const waitMost = 30_000;

export class Live {
  #listeners = new Set<Listener>();
  #watched = new Map<string, number>();
  #cursor = "";
  #controller: AbortController | undefined;
  #paused = false;
  #stopped = false;
  #staleSince = 0;
  #wake: (() => void) | undefined;

  constructor(
    private readonly client: Client,
    private readonly random: () => number = Math.random,
  ) {}

  /** Since when the page has not heard from the server, 0 while it is live. */
  get staleSince(): number {
    return this.#staleSince;
  }

  listen(f: Listener): () => void {
    this.#listeners.add(f);
    return () => void this.#listeners.delete(f);
  }

  /** Opens the stream. It goes on from a cursor that a list was read with. */
  start(cursor = ""): void {
    this.#cursor ||= cursor;
    if (!this.#controller && !this.#stopped) void this.#run();
  }

  /** Closes the stream while nobody looks: a browser keeps few connections open at once, and every ticket's tab has a page. */
  pause(): void {
    this.#paused = true;
    this.#controller?.abort();
  }

  resume(): void {
    this.#paused = false;
    this.#wake?.();
  }

  stop(): void {
    this.#stopped = true;
    this.pause();
    this.#wake?.();
  }

  /** Has the server tell who is there in a conversation, until the returned function is called. */
  watch(session: string): () => void {
    this.#watched.set(session, (this.#watched.get(session) ?? 0) + 1);
    this.#again();
    return () => {
      const left = (this.#watched.get(session) ?? 1) - 1;
      if (left > 0) this.#watched.set(session, left);
      else this.#watched.delete(session);
    };
  }

  /** Opens the stream again with what is watched now. */
  #again(): void {
    queueMicrotask(() => this.#controller?.abort());
  }

  #tell(event: LiveEvent): void {
    for (const f of this.#listeners) f(event);
  }

  async #run(): Promise<void> {
    let tries = 0;
    this.#controller = new AbortController();
    while (!this.#stopped) {
      if (this.#paused) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      this.#controller = new AbortController();
      try {
        await this.#follow(this.#controller, () => (tries = 0));
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return this.#behind();
        if (this.#controller.signal.aborted && !this.#silent) continue;
        this.#behind();
        tries++;
        await this.#pauseFor(Math.min(waitFirst * 2 ** (tries - 1), waitMost) * (0.5 + this.random() / 2));
      }
    }
  }

  #silent = false;

  /** Follows one answer to its end. */
  async #follow(controller: AbortController, opened: () => void): Promise<void> {
    this.#silent = false;
    const response = await this.client.stream("/stream", { watch: [...this.#watched.keys()].join(",") }, this.#cursor ? { "Last-Event-ID": this.#cursor } : {}, controller.signal);
    if (!response.ok || !response.body) throw new ApiError(response.status, "stream", "");
    opened();
    if (!this.#cursor) this.#tell({ kind: "reset" }); // what happened before the stream was open is in what is read now
    this.#caughtUp();
    const feed = parser((event) => this.#heard(event), () => {});
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const timer = setTimeout(() => {
        this.#silent = true;
        controller.abort();
      }, silence);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) throw new ApiError(0, "stream", "");
      feed(value);
    }
  }

  #heard(event: ServerEvent): void {
    if (event.id) this.#cursor = event.id;
    const told = read(event);
    if (told) this.#tell(told);
  }

  #behind(): void {
    if (this.#staleSince) return;
    this.#staleSince = Date.now();
    this.#tell({ kind: "stale", since: this.#staleSince });
  }

  #caughtUp(): void {
    if (!this.#staleSince) return;
    this.#staleSince = 0;
    this.#tell({ kind: "fresh" });
  }

  #pauseFor(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What an event of the stream says; undefined for what this page does not know. */
function read(event: ServerEvent): LiveEvent | undefined {
  const data = (): unknown => JSON.parse(event.data);
  switch (event.event) {
    case "change":
      return { kind: "change", row: data() as Row };
    case "gone":
      return { kind: "gone", session: (data() as { session: string }).session };
    case "desk":
      return { kind: "desk" };
    case "here":
      return { kind: "here", here: data() as Here };
    case "reset":
      return { kind: "reset" };
  }
  return undefined;
}
