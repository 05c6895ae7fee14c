import { describe, expect, it } from "vitest";
import { lengthOf, waitOf } from "./warmth";

const now = Date.parse("2026-11-23T12:00:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

describe("waitOf", () => {
  it.each([
    [0, 0, "green"],
    [5 * 60 + 59, 5, "green"],
    [6 * 60, 6, "yellow"],
    [15 * 60 + 59, 15, "yellow"],
    [16 * 60, 16, "red"],
    [3 * 3600, 180, "red"],
    [-30, 0, "green"],
  ] as const)("after %i s: %i min, %s", (seconds, minutes, warmth) => expect(waitOf(ago(seconds), now)).toEqual({ minutes, warmth }));
  it("is nothing where nothing waits", () => expect(waitOf(undefined, now)).toBeUndefined());
});

describe("lengthOf", () => {
  it.each([
    [59, "now", 0],
    [60, "minutes", 1],
    [3599, "minutes", 59],
    [3600, "hours", 1],
    [47 * 3600, "hours", 47],
    [48 * 3600, "days", 2],
  ] as const)("%i s", (seconds, unit, n) => expect(lengthOf(seconds * 1000)).toEqual({ unit, n }));
});
