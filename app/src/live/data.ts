// Hooks that read what the server knows and keep it fresh.

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, pathOf } from "../api/client";
import type { Conversation, Message, MessageList, Overview } from "../api/types";
import { setClock } from "../clock";
import type { LiveEvent } from "./live";
import { useLive, usePage } from "./page";

/** What was read, and what went wrong with the last try. Data that was read before stays while it is read again. */
export interface Reading<T> {
  data: T | undefined;
  error: ApiError | undefined;
  reload: () => void;
}

/**
 * Reads with load, again when key changes, when reload is called, and when again says that something that happened has to do with it.
 * One read goes on at a time; what happens meanwhile leads to one more.
 */
export function useReading<T>(key: string, load: (signal: AbortSignal, before: T | undefined) => Promise<T>, again: (event: LiveEvent) => boolean): Reading<T> {
  const [state, setState] = useState<{ key: string; data: T | undefined; error: ApiError | undefined }>({ key, data: undefined, error: undefined });
  const latest = useRef({ load, again });
  latest.current = { load, again };
  const work = useRef<{ key: string; data: T | undefined; busy: boolean; more: boolean; abort: AbortController }>();

  const read = useCallback(async () => {
    const mine = work.current;
    if (!mine) return;
    if (mine.busy) {
      mine.more = true;
      return;
    }
    mine.busy = true;
    do {
      mine.more = false;
      try {
        mine.data = await latest.current.load(mine.abort.signal, mine.data);
        if (work.current === mine) setState({ key: mine.key, data: mine.data, error: undefined });
      } catch (error) {
        if (work.current === mine) setState({ key: mine.key, data: mine.data, error: error instanceof ApiError ? error : new ApiError(0, "failed", "") });
      }
    } while (mine.more && work.current === mine);
    mine.busy = false;
  }, []);

  useEffect(() => {
    const mine = { key, data: undefined, busy: false, more: false, abort: new AbortController() };
    work.current = mine;
    if (key) void read();
    return () => mine.abort.abort();
  }, [key, read]);

  useLive(
    useCallback(
      (event: LiveEvent) => {
        if (work.current?.key && (event.kind === "reset" || event.kind === "fresh" || latest.current.again(event))) void read();
      },
      [read],
    ),
  );
  const reload = useCallback(() => void read(), [read]);
  return state.key === key ? { data: state.data, error: state.error, reload } : { data: undefined, error: undefined, reload };
}

const of = (session: string) => (event: LiveEvent) => (event.kind === "change" && event.row.session === session) || (event.kind === "gone" && event.session === session);

/** One conversation; "" is none. */
export function useConversation(session: string): Reading<Conversation> {
  const { client } = usePage();
  return useReading(
    session,
    async (signal) => {
      const conversation = await client.get<Conversation>(pathOf(session), {}, signal);
      setClock(conversation.now);
      return conversation;
    },
    of(session),
  );
}

/** The messages of one session, in the order in which they are shown. */
export function useMessages(session: string): Reading<MessageList> {
  const { client } = usePage();
  return useReading(
    session,
    async (signal, before: MessageList | undefined) => merged(before, await client.get<MessageList>(`${pathOf(session)}/messages`, { since: before?.rev ?? 0 }, signal)),
    of(session),
  );
}

/** What was known with what changed since. */
export function merged(before: MessageList | undefined, change: MessageList): MessageList {
  const all = new Map<string, Message>((before?.messages ?? []).map((one) => [one.id, one]));
  for (const id of change.gone ?? []) all.delete(id);
  for (const one of change.messages) all.set(one.id, one);
  const messages = [...all.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.place - b.place);
  return { ...change, messages };
}

/** How often the counts are read again at most, in milliseconds. */
const pace = 1500;

/** Counts, queues and agents. */
export function useOverview(): Reading<Overview> {
  const { client } = usePage();
  const due = useRef<ReturnType<typeof setTimeout>>();
  const reading = useReading<Overview>(
    "overview",
    async (signal) => {
      const overview = await client.get<Overview>("/overview", {}, signal);
      setClock(overview.now);
      return overview;
    },
    (event) => {
      if ((event.kind === "change" || event.kind === "gone" || event.kind === "desk") && !due.current) {
        due.current = setTimeout(() => {
          due.current = undefined;
          reading.reload();
        }, pace);
      }
      return false;
    },
  );
  useEffect(() => () => clearTimeout(due.current), []);
  return reading;
}

/** The newest conversation of the thread that a ticket belongs to; null when there is none. */
export function useTicket(ticket: number): Reading<Conversation | null> {
  const { client } = usePage();
  return useReading<Conversation | null>(
    ticket ? `ticket ${ticket}` : "",
    async (signal) => {
      try {
        const conversation = await client.get<Conversation>(`/tickets/${ticket}/conversation`, {}, signal);
        setClock(conversation.now);
        return conversation;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    (event) => event.kind === "change" && event.row.ticket === ticket,
  );
}
