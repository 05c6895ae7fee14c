// The app's words. Portuguese comes first and names the keys; every other language has the same ones, which the types hold.

import { type ReactNode, createContext, useContext, useMemo } from "react";
import type { pt } from "./pt";
import { core } from "./pt/core";

export type Key = keyof typeof pt;
export type Words = Record<Key, string>;
export type Language = "pt-BR" | "en";

/** Areas whose words come with the parts that speak them; those of the others are there from the start. */
export type Area = "console" | "supervisor";

type Load = () => Promise<Partial<Words>>;

const areas: Record<Language, Record<Area, Load>> = {
  "pt-BR": {
    console: async () => (await import("./pt/console")).consoleWords,
    supervisor: async () => (await import("./pt/supervisor")).supervisor,
  },
  en: {
    console: async () => (await import("./en/console")).consoleWords,
    supervisor: async () => (await import("./en/supervisor")).supervisor,
  },
};

/** The page's dictionary: it grows as parts are loaded. */
const dictionary: { language: Language; words: Partial<Words> } = { language: "pt-BR", words: { ...core } };

type Values = Record<string, string | number>;

/** Formats of times and numbers, and the words. */
export interface Speech {
  language: Language;
  /** A text, with its `{names}` filled in. Where there is a key with `_one` too, that one speaks of a single thing (`n`). */
  t(key: Key, values?: Values): string;
  time(at: string | number | Date): string;
  day(at: string | number | Date): string;
  moment(at: string | number | Date): string;
  number(n: number): string;
  /** Bytes, for people. */
  size(bytes: number): string;
}

/** The words of the language that Zendesk shows the agent, with those of some areas. */
export async function load(locale: string, ...first: Area[]): Promise<[Language, Words]> {
  const portuguese = locale === "" || locale.toLowerCase().startsWith("pt");
  dictionary.language = portuguese ? "pt-BR" : "en";
  if (!portuguese) dictionary.words = { ...(await import("./en/core")).core };
  await Promise.all(first.map(addWords));
  return [dictionary.language, dictionary.words as Words];
}

async function addWords(area: Area): Promise<void> {
  Object.assign(dictionary.words, await areas[dictionary.language][area]());
}

/** Loads a part together with the words that it speaks. */
export async function withWords<T>(area: Area, part: () => Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([part(), addWords(area)]);
  return loaded;
}

export function speech(language: Language, words: Words, zone: string): Speech {
  const timeZone = zone || undefined;
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(language, { timeZone, ...options });
    return (at: string | number | Date) => format.format(new Date(at));
  };
  const number = new Intl.NumberFormat(language);
  const one = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return {
    language,
    t: (key, values = {}) => {
      const single = `${key}_one` as Key;
      const text = values.n === 1 && single in words ? words[single] : words[key];
      return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name];
        return value === undefined ? whole : typeof value === "number" ? number.format(value) : value;
      });
    },
    time: date({ hour: "2-digit", minute: "2-digit" }),
    day: date({ weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" }),
    moment: date({ day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" }),
    number: number.format,
    size: (bytes) => (bytes < 1e6 ? `${one.format(bytes / 1e3)} kB` : `${one.format(bytes / 1e6)} MB`),
  };
}

const Context = createContext<Speech>(speech("pt-BR", core as Words, ""));

export function Speaking({ language, words, zone, children }: { language: Language; words: Words; zone: string; children: ReactNode }) {
  const value = useMemo(() => speech(language, words, zone), [language, words, zone]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** The words and formats of the page. */
export function useSpeech(): Speech {
  return useContext(Context);
}
