// Tells the agent of what is new in their own conversations, in the ways that the surrounding allows.

import { useCallback, useEffect, useRef, useState } from "react";
import type { ConversationList } from "../api/types";
import { type Speech, useSpeech } from "../i18n";
import type { LiveEvent } from "../live/live";
import { useLive, usePage } from "../live/page";
import { nameOf } from "./initials";
import { Mine, type Notice, type Told, together } from "./notices";
import { Sound } from "./sound";

/** What an agent wants to be told, and how. It is kept as long as the page lives. */
export interface Wishes {
  notices: boolean;
  sound: boolean;
  /** Whether single letters are shortcuts. */
  letters: boolean;
}

export const allWishes: Wishes = { notices: true, sound: true, letters: true };

/** How long notices are gathered before they are told together, in milliseconds. */
const gather = 1200;

/** The words of a notice. */
export function noticeText(told: Told, t: Speech["t"]): string {
  return t(told.key, { n: told.n, messages: told.messages, name: told.row ? nameOf(told.row.contact, t("contact.unnamed")) : "" });
}

/** Shows the count of conversations with something new in the title and on the app's icon, where there is one. */
function showCount(n: number, title: string): void {
  document.title = n > 0 ? `(${n}) ${title}` : title;
  const icon = navigator as Navigator & { setAppBadge?: (n: number) => Promise<void>; clearAppBadge?: () => Promise<void> };
  const work = n > 0 ? icon.setAppBadge?.(n) : icon.clearAppBadge?.();
  work?.catch(() => {}); // a page that is not installed has no icon
}

/** Listens for what is new, and tells it. selected is the conversation that is open; show opens another one. */
export function useNotices(selected: string, wishes: Wishes, show: (session: string) => void): void {
  const { client, host, session, toast } = usePage();
  const { t } = useSpeech();
  const [mine] = useState(() => new Mine(session.agent.id));
  const [sound] = useState(() => new Sound());
  const gathered = useRef<Notice[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const latest = useRef({ selected, wishes, show, t, toast });
  latest.current = { selected, wishes, show, t, toast };
  const openNow = () => (document.visibilityState === "hidden" ? "" : latest.current.selected);

  const count = useCallback(() => {
    if (!host.inside) showCount(mine.unread, latest.current.t("app.name"));
  }, [host, mine]);

  const tell = useCallback(
    (notices: Notice[]) => {
      if (notices.length === 0) return;
      count();
      gathered.current.push(...notices);
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const told = together(gathered.current);
        gathered.current = [];
        const { wishes, t, toast, show } = latest.current;
        if (!told || !wishes.notices) return;
        const text = noticeText(told, t);
        toast(text, "info");
        if (wishes.sound) void sound.play();
        if (host.inside) host.notify(text, "notice");
        else if (document.hidden || !document.hasFocus()) popUp(text, told.row?.session ?? "", t("app.name"), show);
      }, gather);
    },
    [host, sound, count],
  );

  const read = useCallback(
    async (signal?: AbortSignal) => {
      const list = await client.get<ConversationList>("/conversations", { agent: session.agent.id, view: "all", limit: 500 }, signal).catch(() => undefined);
      if (list && !signal?.aborted) tell(mine.fill(list.rows, openNow()));
    },
    [client, session.agent.id, mine, tell],
  );
  useEffect(() => {
    const abort = new AbortController();
    void read(abort.signal);
    return () => abort.abort();
  }, [read]);
  useEffect(() => () => clearTimeout(timer.current), []);

  useLive(
    useCallback(
      (event: LiveEvent) => {
        if (event.kind === "reset") void read();
        else {
          tell(mine.apply(event, openNow()));
          count();
        }
      },
      [mine, read, tell, count],
    ),
  );

  useEffect(() => {
    const look = () => {
      if (openNow()) mine.open(openNow());
      count();
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [selected, mine, count]);
}

/** A notice of the system, where the agent allowed it. */
function popUp(text: string, session: string, title: string, show: (session: string) => void): void {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const notice = new Notification(title, { body: text, tag: session || "several" });
  notice.onclick = () => {
    window.focus();
    if (session) show(session);
    notice.close();
  };
}
