import { expect, it } from "vitest";
import { held, next } from "./hold";

it("shows the present order where nothing is held", () => {
  expect(held(["a", "b"], undefined)).toEqual({ order: ["a", "b"], fresh: 0, left: new Set() });
});

it("keeps the order that is held, counts what is new and knows what left", () => {
  const holding = ["a", "b", "c"];
  const shown = held(["d", "c", "a", "e"], holding);
  expect(shown.order).toBe(holding);
  expect(shown.fresh).toBe(2);
  expect([...shown.left]).toEqual(["b"]);
});

it.each([
  [0, -1, 1, -1],
  [3, -1, 1, 0],
  [3, -1, -1, 2],
  [3, 0, 1, 1],
  [3, 2, 1, 2],
  [3, 0, -1, 0],
  [3, 1, 10, 2],
])("in %i from %i by %i: %i", (n, from, step, want) => expect(next(n, from, step)).toBe(want));
