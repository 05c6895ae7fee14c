import { expect, it } from "vitest";
import { phoneFault } from "./phone";

it.each([
  ["", "console.start.phone.missing"],
  ["  () ", "console.start.phone.missing"],
  ["11 98765-4321", ""],
  ["(11) 3333-4444", ""],
  ["5511987654321", ""],
  ["+55 11 98765-4321", ""],
  ["+1 415 555 0100", ""],
  ["+1", "console.start.phone.wrong"],
  ["98765-4321", "console.start.phone.wrong"],
  ["01 98765-4321", "console.start.phone.wrong"],
  ["11 98765-4321 ramal 2", "console.start.phone.wrong"],
  ["11+987654321", "console.start.phone.wrong"],
])("phone %j: %j", (typed, want) => expect(phoneFault(typed)).toBe(want));
