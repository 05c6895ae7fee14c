// Finding things by parts of their names.

import { plain } from "../live/rows";

/** How well a label fits what was typed: 0 = not at all, more is better. Every word has to be there, at the beginning of a word, within one, or by its letters in order. */
export function fit(label: string, typed: string): number {
  const text = plain(label);
  const words = plain(typed).split(" ").filter(Boolean);
  if (words.length === 0) return 1;
  let sum = 0;
  for (const word of words) {
    const at = ` ${text}`.indexOf(` ${word}`);
    if (at === 0) sum += 5;
    else if (at > 0) sum += 4;
    else if (text.includes(word)) sum += 2;
    else if (word.length > 2 && inOrder(text, word)) sum += 1;
    else return 0;
  }
  return sum / words.length;
}

/** Whether a text has the letters in their order. */
function inOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** Those that fit, the best first; those that fit alike stay in their order. */
export function best<T>(list: readonly T[], label: (one: T) => string, typed: string): T[] {
  return list
    .map((one, i) => ({ one, i, fit: fit(label(one), typed) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || a.i - b.i)
    .map(({ one }) => one);
}
