// Canned replies and variables within what is typed.

import type { Canned } from "../api/types";

/** The "/" with what follows it that the caret stands behind. */
export interface Token {
  from: number;
  query: string;
}

/** The token of canned replies at a caret; undefined when there is none. */
export function tokenAt(text: string, caret: number): Token | undefined {
  const found = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret));
  return found ? { from: caret - (found[1]?.length ?? 0) - 1, query: found[1] ?? "" } : undefined;
}

/** A text after something was put into it, and where the caret stands then. */
export interface Edit {
  text: string;
  caret: number;
}

/** Puts a piece in the place of what stands from one place to another. */
export function put(text: string, from: number, to: number, piece: string): Edit {
  return { text: text.slice(0, from) + piece + text.slice(to), caret: from + piece.length };
}

/** The same, one line below what is typed; where the caret's line has no text the piece takes its place. */
export function putBelow(text: string, from: number, to: number, piece: string): Edit {
  const rest = text.slice(0, from) + text.slice(to);
  const start = rest.lastIndexOf("\n", from - 1) + 1;
  const next = rest.indexOf("\n", from);
  const end = next < 0 ? rest.length : next;
  const line = rest.slice(start, end);
  const kept = line.trimEnd();
  return line.trim() === "" ? put(rest, start, end, piece) : put(rest, start + kept.length, end, `\n${piece}`);
}

/** A text to be searched in: without accents and case. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** How well a reply answers a search; 0 when not at all. */
function rank(reply: Canned, words: string[]): number {
  const short = plain(reply.short ?? "");
  const title = plain(reply.title);
  const all = `${short} ${title} ${plain(reply.folder ?? "")} ${plain(reply.filled ?? reply.text)}`;
  if (!words.every((word) => all.includes(word))) return 0;
  const first = words[0] ?? "";
  return short === first ? 4 : short.startsWith(first) ? 3 : words.every((word) => title.includes(word)) ? 2 : 1;
}

/** The replies that hold all words of a search, the best ones first. Without a search all, as they came. */
export function search(replies: readonly Canned[], query: string): Canned[] {
  const words = plain(query).split(/[\s_-]+/).filter(Boolean);
  if (!words.length) return [...replies];
  return replies
    .map((reply, place) => ({ reply, place, rank: rank(reply, words) }))
    .filter((one) => one.rank > 0)
    .sort((a, b) => b.rank - a.rank || a.place - b.place)
    .map((one) => one.reply);
}

const variable = /\{\{[^{}\n]{1,60}\}\}/g;

/** The variables in a text that have no value, each once. */
export function unresolved(text: string): string[] {
  return [...new Set(text.match(variable) ?? [])];
}

/** A text in pieces: what is a variable, and what is not. */
export function marked(text: string): { text: string; variable: boolean }[] {
  const pieces: { text: string; variable: boolean }[] = [];
  let from = 0;
  for (const found of text.matchAll(variable)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), variable: false });
    pieces.push({ text: found[0], variable: true });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), variable: false });
  return pieces;
}

/** The variables of a template's text in the order in which their values are given: numbers by size, names as they occur. */
export function variablesOf(body: string): string[] {
  const names = [...new Set([...body.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map((one) => one[1] as string))];
  return names.every((name) => /^\d+$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b)) : names;
}

/** A template's text with its variables filled; those without a value stay. */
export function fill(body: string, values: Readonly<Record<string, string>>): string {
  return body.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => values[name]?.trim() || whole);
}
