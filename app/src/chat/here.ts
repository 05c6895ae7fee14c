// Who else looks at a conversation, and who writes in it.

import { pathOf } from "../api/client";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Here } from "../api/types";
import type { LiveEvent } from "../live/live";
import { useLive, usePage } from "../live/page";

export type Doing = "viewing" | "typing" | "left";

/** Somebody else who is in the conversation. */
export interface Other {
  id: number;
  name: string;
  typing: boolean;
}

/** Times in milliseconds: how often it is told that the agent looks and writes, and how long what was told of others holds. */
const viewEvery = 10_000;
const typeEvery = 4_000;
const holds = 15_000;

/** Who is there besides an agent, those who write first. */
export function others(here: Here | undefined, me: number): Other[] {
  return (here?.agents ?? [])
    .filter((one) => one.id !== me)
    .map((one) => ({ id: one.id, name: one.name ?? "", typing: one.typing }))
    .sort((a, b) => Number(b.typing) - Number(a.typing) || a.name.localeCompare(b.name));
}

/** Whether an element is on the screen: neither its tab nor the frame around it is hidden. */
export function useVisible(ref: RefObject<Element>): boolean {
  const [shown, setShown] = useState(() => document.visibilityState !== "hidden");
  const [inView, setInView] = useState(true);
  useEffect(() => {
    const change = () => setShown(document.visibilityState !== "hidden");
    document.addEventListener("visibilitychange", change);
    const element = ref.current;
    const observer =
      typeof IntersectionObserver === "undefined"
        ? undefined
        : new IntersectionObserver((list) => setInView(list[list.length - 1]?.isIntersecting ?? true));
    if (element) observer?.observe(element);
    return () => {
      document.removeEventListener("visibilitychange", change);
      observer?.disconnect();
    };
  }, [ref]);
  return shown && inView;
}

/** Tells the server that the agent is there while visible, and who else is. typing is to be called with every key of an answer. */
export function useHere(session: string, visible: boolean): { others: Other[]; typing: () => void } {
  const { client, live, session: own } = usePage();
  const [list, setList] = useState<Other[]>([]);
  const typed = useRef(0);
  const expiry = useRef<ReturnType<typeof setTimeout>>();
  const take = useCallback(
    (here: Here) => {
      if (here.session !== session) return;
      clearTimeout(expiry.current);
      const found = others(here, own.agent.id);
      setList((before) => (before.length || found.length ? found : before));
      if (found.length) expiry.current = setTimeout(() => setList([]), holds);
    },
    [session, own.agent.id],
  );
  const tell = useCallback(
    (doing: Doing) => {
      client.put<Here>(`${pathOf(session)}/here`, { doing }, doing === "left").then(
        (here) => doing !== "left" && take(here),
        () => {}, // it is told again in a few seconds
      );
    },
    [client, session, take],
  );
  useEffect(() => live.watch(session), [live, session]);
  useLive(useCallback((event: LiveEvent) => event.kind === "here" && take(event.here), [take]) as (event: LiveEvent) => void);
  useEffect(() => {
    if (!visible) return;
    tell("viewing");
    const timer = setInterval(() => Date.now() - typed.current >= typeEvery && tell("viewing"), viewEvery);
    const left = () => tell("left");
    window.addEventListener("pagehide", left);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pagehide", left);
      typed.current = 0;
      left();
    };
  }, [visible, tell]);
  useEffect(() => () => clearTimeout(expiry.current), []);
  const typing = useCallback(() => {
    if (Date.now() - typed.current < typeEvery) return;
    typed.current = Date.now();
    tell("typing");
  }, [tell]);
  return { others: list, typing };
}
