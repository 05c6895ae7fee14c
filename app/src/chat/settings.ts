// What an agent prefers, while the page is open.

import { useSyncExternalStore } from "react";

let enterSends = false;
const listeners = new Set<() => void>();

/** Whether Enter alone sends, and how to change it. */
export function useEnterSends(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (f) => {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    () => enterSends,
  );
  return [on, setEnterSends];
}

function setEnterSends(on: boolean): void {
  enterSends = on;
  for (const f of listeners) f();
}
