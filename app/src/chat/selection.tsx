// Messages that are chosen, to be linked to a ticket.

import { type ReactNode, createContext, useCallback, useContext, useMemo, useRef, useState } from "react";

/** The choice of messages. */
export interface Selection {
  /** Ids of the chosen messages, in the log's order. */
  ids: string[];
  /** Whether messages are being chosen. */
  active: boolean;
  start(): void;
  stop(): void;
  /** Chooses a message or takes it out; extend chooses everything from the one before to it. */
  toggle(id: string, extend?: boolean): void;
}

interface Inner extends Selection {
  /** The log tells what can be chosen, in its order. */
  offer(order: readonly string[]): void;
}

const idle: Inner = { ids: [], active: false, start: () => {}, stop: () => {}, toggle: () => {}, offer: () => {} };

const Context = createContext<Inner | undefined>(undefined);

/** What is chosen after a click on id, with extend from the last one clicked. */
export function chosen(order: readonly string[], before: ReadonlySet<string>, last: string, id: string, extend: boolean): Set<string> {
  const after = new Set(before);
  const from = order.indexOf(last);
  const to = order.indexOf(id);
  if (extend && from >= 0 && to >= 0) {
    for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) after.add(one);
  } else if (!after.delete(id)) {
    after.add(id);
  }
  return after;
}

/** Lets the messages of the chat within it be chosen. */
export function SelectionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<{ active: boolean; chosen: ReadonlySet<string> }>({ active: false, chosen: new Set() });
  const order = useRef<readonly string[]>([]);
  const last = useRef("");
  const start = useCallback(() => setState((before) => (before.active ? before : { active: true, chosen: new Set() })), []);
  const stop = useCallback(() => {
    last.current = "";
    setState({ active: false, chosen: new Set() });
  }, []);
  const toggle = useCallback((id: string, extend = false) => {
    const anchor = last.current;
    last.current = id;
    setState((before) => ({ active: true, chosen: chosen(order.current, before.chosen, anchor, id, extend) }));
  }, []);
  const offer = useCallback((ids: readonly string[]) => {
    order.current = ids;
  }, []);
  const value = useMemo<Inner>(
    () => ({ ids: order.current.filter((id) => state.chosen.has(id)), active: state.active, start, stop, toggle, offer }),
    [state, start, stop, toggle, offer],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** The choice of messages; without a provider nothing can be chosen. */
export function useSelection(): Selection {
  return useContext(Context) ?? idle;
}

/** The same for the log, and whether there is a choice at all. */
export function useLogSelection(): Inner & { possible: boolean } {
  const inner = useContext(Context);
  return useMemo(() => ({ ...(inner ?? idle), possible: inner !== undefined }), [inner]);
}
