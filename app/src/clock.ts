// The server's clock: countdowns and waiting times are reckoned with it, not with the agent's machine.

import { useEffect, useState } from "react";

let ahead = 0; // of this machine's clock, in milliseconds

/** Sets the clock by what the server says that it is now. */
export function setClock(serverNow: string | undefined): void {
  const at = serverNow ? Date.parse(serverNow) : NaN;
  if (!Number.isNaN(at)) ahead = at - Date.now();
}

/** Now, in milliseconds, by the server's clock. */
export function now(): number {
  return Date.now() + ahead;
}

/** Now, read again every so many milliseconds. */
export function useNow(every = 1000): number {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return at;
}
