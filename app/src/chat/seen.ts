// Up to where an agent has read a conversation.

import { pathOf } from "../api/client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ConversationList, Message } from "../api/types";
import { usePage } from "../live/page";
import { firstUnread } from "./rows";

/** How long the end of the log must be in view to count as read, in milliseconds. */
const glance = 2000;

export interface Seen {
  /** The first message that was unread when the conversation was opened; "" for none, undefined while it is not known. */
  unread: string | undefined;
  /** Marks a message, and what follows, as not read. */
  mark(message: Message): Promise<void>;
}

/** Keeps what an agent has read: everything, once the end of the log was in view for a moment. */
export function useSeen(session: string, messages: readonly Message[] | undefined, looking: boolean): Seen {
  const { client, session: own } = usePage();
  const [before, setBefore] = useState<string>(); // "": nothing was read, or it is not known
  const [unread, setUnread] = useState<string>();
  const told = useRef(0);
  const held = useRef(""); // the newest message when something was marked as unread: what is there is not read by looking
  const path = `${pathOf(session)}/seen`;
  useEffect(() => {
    const abort = new AbortController();
    client.get<ConversationList>("/conversations", { view: "all", q: session, limit: 10 }, abort.signal).then(
      (list) => setBefore(list.rows.find((row) => row.session === session)?.seen ?? ""),
      () => !abort.signal.aborted && setBefore(""),
    );
    return () => abort.abort();
  }, [client, session]);
  useEffect(() => {
    if (messages && before !== undefined) setUnread((known) => known ?? firstUnread(messages, before, own.agent.id));
  }, [messages, before, own.agent.id]);
  const last = messages?.[messages.length - 1];
  const at = last ? Date.parse(last.at) : 0;
  const id = last?.id ?? "";
  useEffect(() => {
    if (!looking || before === undefined || !at || at <= told.current || held.current === id) return;
    const timer = setTimeout(() => {
      client.put<void>(path, { at: new Date(at).toISOString() }).then(
        () => (told.current = Math.max(told.current, at)),
        () => {}, // it is told again with the next message
      );
    }, glance);
    return () => clearTimeout(timer);
  }, [client, path, looking, before, at, id]);
  const mark = useCallback(
    async (message: Message) => {
      held.current = id;
      const until = Date.parse(message.at) - 1;
      await client.put<void>(path, { at: new Date(until).toISOString() });
      told.current = 0;
      setUnread(message.id);
    },
    [client, path, id],
  );
  return { unread, mark };
}
