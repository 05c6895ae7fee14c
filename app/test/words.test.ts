import { expect, test } from "vitest";
import { en } from "../src/i18n/en";
import { pt } from "../src/i18n/pt";

const names = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("both languages have the same keys", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(pt).sort());
});

test("no text is empty, and both languages fill in the same values", () => {
  for (const [key, text] of Object.entries(pt)) {
    const other = en[key as keyof typeof pt];
    expect(text.trim(), key).not.toBe("");
    expect(other.trim(), key).not.toBe("");
    expect(names(other), key).toEqual(names(text));
  }
});

test("a text for one thing stands beside one for several", () => {
  for (const key of Object.keys(pt)) if (key.endsWith("_one")) expect(Object.keys(pt)).toContain(key.slice(0, -"_one".length));
});
