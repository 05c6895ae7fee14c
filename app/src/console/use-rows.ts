// The list that is shown: read once, kept fresh by the stream.

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, type Client } from "../api/client";
import type { ConversationList } from "../api/types";
import { now, setClock } from "../clock";
import type { LiveEvent } from "../live/live";
import { useLive, usePage } from "../live/page";
import { type Filters, Rows, mostRows } from "../live/rows";

/** A list, or why there is none. */
export interface RowList {
  /** Those that were read last; they stay while others are read. */
  rows: Rows | undefined;
  /** Grows with every change of the rows. */
  version: number;
  /** Whether rows are read that are not of the same list as those that are there. */
  loading: boolean;
  error: ApiError | undefined;
  reload: () => void;
  /** Tells which rows are on the screen: their newest words are read when they are not known. */
  look: (sessions: readonly string[]) => void;
}

/** What a list is asked for by. */
export function queryOf(filters: Filters): Record<string, string | number | undefined> {
  const { view, sort, queue, agent, tag, q } = filters;
  return { view, sort, queue: queue || undefined, agent: agent || undefined, tag: tag || undefined, q: q || undefined };
}

/** How often the words of rows on the screen are read again at most, and how often a list that was cut is, in milliseconds. */
const wordsPace = 2000;
const cutPace = 30_000;

/** How long it is waited for more changes before words are read, in milliseconds: a burst is read once. */
const wordsRest = 150;

/** How often it is looked at what time alone changes, in milliseconds. */
const agePace = 60_000;

/** How many of the newest rows are read where several lack their newest words. */
const several = 50;

/** Reads again the newest words of rows that lack them: one request, whatever their number. */
export async function readWords(client: Pick<Client, "get">, rows: Rows, sessions: readonly string[], signal?: AbortSignal): Promise<void> {
  const [first] = sessions;
  if (!first) return;
  const alone = sessions.length === 1;
  const query = { ...queryOf(rows.filters), ...(alone ? { q: first, limit: 5 } : { sort: "newest", limit: several }) };
  const list = await client.get<ConversationList>("/conversations", query, signal);
  rows.refresh(list.rows);
  const read = new Set(list.rows.map((one) => one.session));
  if (alone && !read.has(first)) rows.settle(first); // the words are as they are
}

/** The list of what is asked for. */
export function useRows(filters: Filters): RowList {
  const { client, live, session } = usePage();
  const me = session.agent.id;
  const [state, setState] = useState<{ rows?: Rows; error?: ApiError; key: string }>({ key: "" });
  const [version, setVersion] = useState(0);
  const key = JSON.stringify(filters);
  const latest = useRef(filters);
  latest.current = filters;
  const shown = useRef<Rows>();
  const reading = useRef<{ abort: AbortController; heard: LiveEvent[] }>();
  const drawn = useRef(0);
  const looked = useRef<readonly string[]>([]);
  const soon = useRef(() => {});
  const cutDue = useRef<ReturnType<typeof setTimeout>>();

  const draw = useCallback(() => {
    drawn.current ||= requestAnimationFrame(() => {
      drawn.current = 0;
      setVersion((n) => n + 1);
    });
  }, []);

  const read = useCallback(async () => {
    reading.current?.abort.abort();
    const mine = { abort: new AbortController(), heard: [] as LiveEvent[] };
    reading.current = mine;
    const asked = latest.current;
    const askedKey = JSON.stringify(asked);
    try {
      const list = await client.get<ConversationList>("/conversations", { ...queryOf(asked), limit: mostRows }, mine.abort.signal);
      if (reading.current !== mine) return;
      reading.current = undefined;
      setClock(list.now);
      const rows = new Rows(asked, me);
      rows.fill(list);
      for (const event of mine.heard) rows.apply(event, now()); // what was heard meanwhile may be newer than the list
      shown.current = rows;
      setState({ rows, key: askedKey });
      live.start(list.cursor);
    } catch (error) {
      if (reading.current !== mine) return;
      reading.current = undefined;
      if (mine.abort.signal.aborted) return;
      setState((before) => ({ ...before, key: askedKey, error: error instanceof ApiError ? error : new ApiError(0, "failed", "") }));
      live.start();
    }
  }, [client, live, me]);

  useEffect(() => {
    void read();
    return () => reading.current?.abort.abort();
  }, [key, read]);

  useLive(
    useCallback(
      (event: LiveEvent) => {
        if (event.kind === "reset") return void read();
        if (event.kind !== "change" && event.kind !== "gone") return;
        reading.current?.heard.push(event);
        const rows = shown.current;
        if (!rows?.apply(event, now())) return;
        draw();
        soon.current();
        if (rows.cut) {
          cutDue.current ??= setTimeout(() => {
            cutDue.current = undefined;
            void read();
          }, cutPace);
        }
      },
      [read, draw],
    ),
  );

  useEffect(() => {
    const timer = setInterval(() => shown.current?.age(now()) && draw(), agePace);
    let busy: AbortController | undefined;
    let turns = 0;
    let due: ReturnType<typeof setTimeout> | undefined;
    let next = 0; // when words may be read again
    const words = async () => {
      due = undefined;
      const rows = shown.current;
      const behind = rows ? looked.current.filter((one) => rows.get(one)?.behind) : [];
      if (!rows || busy || behind.length === 0) return;
      busy = new AbortController();
      next = Date.now() + wordsPace;
      const turn = ++turns % 2 ? behind : behind.slice(0, 1); // what the newest rows do not tell is asked for one by one
      await readWords(client, rows, turn, busy.signal).catch(() => {}); // it is tried again
      busy = undefined;
      draw();
      soon.current();
    };
    soon.current = () => {
      due ??= setTimeout(() => void words(), Math.max(next - Date.now(), wordsRest));
    };
    return () => {
      clearInterval(timer);
      clearTimeout(due);
      soon.current = () => {};
      clearTimeout(cutDue.current);
      cutDue.current = undefined;
      busy?.abort();
      cancelAnimationFrame(drawn.current);
      drawn.current = 0;
    };
  }, [client, draw]);

  const look = useCallback((sessions: readonly string[]) => {
    looked.current = sessions;
    soon.current();
  }, []);
  const reload = useCallback(() => void read(), [read]);
  const done = state.key === key;
  return { rows: state.rows, version, loading: !done, error: done ? state.error : undefined, reload, look };
}
