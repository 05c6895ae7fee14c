// How long a customer waits for an answer, and how long ago things were. Counted by the server's clock.

/** How bad a wait is: below 6:00 min, below 16:00, from then on. */
export type Warmth = "green" | "yellow" | "red";

export interface Wait {
  /** Whole minutes. */
  minutes: number;
  warmth: Warmth;
}

const minute = 60_000;

/** How long the oldest unanswered words wait; undefined where nothing is unanswered. */
export function waitOf(since: string | undefined, now: number): Wait | undefined {
  if (!since) return undefined;
  const minutes = Math.max(Math.floor((now - Date.parse(since)) / minute), 0);
  return { minutes, warmth: minutes < 6 ? "green" : minutes < 16 ? "yellow" : "red" };
}

/** A length of time in the unit that people would say it in. */
export interface Length {
  unit: "now" | "minutes" | "hours" | "days";
  n: number;
}

/** A length in milliseconds, rounded down. */
export function lengthOf(ms: number): Length {
  const minutes = Math.floor(ms / minute);
  if (minutes < 1) return { unit: "now", n: 0 };
  if (minutes < 60) return { unit: "minutes", n: minutes };
  if (minutes < 48 * 60) return { unit: "hours", n: Math.floor(minutes / 60) };
  return { unit: "days", n: Math.floor(minutes / 60 / 24) };
}
