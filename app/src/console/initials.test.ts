import { expect, it } from "vitest";
import { initials, nameOf, phoneOf } from "./initials";

it.each([
  ["Ana", "A"],
  ["Ana de Souza", "AS"],
  ["érica lima 2", "ÉL"],
  ["(João) Silva", "JS"],
  ["+55 11 98765-4321", "21"],
  ["😀", "?"],
])("initials of %s: %s", (name, want) => expect(initials(name)).toBe(want));

it("calls people by what is known of them", () => {
  expect(nameOf({ id: "c", name: "Ana", phone: "+5511987654321" }, "?")).toBe("Ana");
  expect(nameOf({ id: "c", username: "ana" }, "?")).toBe("@ana");
  expect(nameOf({ id: "c", phone: "+5511987654321" }, "?")).toBe("+55 11 98765-4321");
  expect(nameOf({ id: "c" }, "Sem nome")).toBe("Sem nome");
});

it("writes phones as people do", () => {
  expect(phoneOf("+551133334444")).toBe("+55 11 3333-4444");
  expect(phoneOf("+14155550100")).toBe("+14155550100");
});
