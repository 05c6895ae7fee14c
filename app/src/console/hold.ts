// A list that does not jump under the pointer.

/** A list as it is shown: in the order that it was held in, or in the present one. */
export interface Held {
  order: readonly string[];
  /** How many are in the list and not shown. */
  fresh: number;
  /** Those that are shown and not in the list any more. */
  left: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/** What is shown of the present order while another one is held; without one the present order is. */
export function held(present: readonly string[], holding: readonly string[] | undefined): Held {
  if (!holding || holding === present) return { order: present, fresh: 0, left: none };
  const now = new Set(present);
  const shown = new Set(holding);
  let fresh = 0;
  for (const one of now) if (!shown.has(one)) fresh++;
  return { order: holding, fresh, left: new Set(holding.filter((one) => !now.has(one))) };
}

/** The place to go to from one in a list of n: up or down, or the first one; -1 in an empty list. */
export function next(n: number, from: number, step: number): number {
  if (n === 0) return -1;
  if (from < 0) return step > 0 ? 0 : n - 1;
  return Math.min(Math.max(from + step, 0), n - 1);
}
