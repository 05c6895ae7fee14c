import { expect, test } from "vitest";
import { pendingOf } from "./pending";

const company = { id: 1, name: "Padaria Pão Quente", cnpj: "12.345.678/0001-95", checked: "2026-11-23T12:00:00Z" };

test.each([
  [{}, "unverified"],
  [{ organization: company }, "unverified"],
  [{ organization: { ...company, pending: "no" } }, "no"],
  [{ organization: { ...company, pending: "no" }, flags: ["unverified"] }, "unverified"],
  [{ organization: { ...company, pending: "yes" } }, "yes"],
  [{ organization: { ...company, pending: "yes" }, flags: ["overridden"] }, "overridden"],
  [{ organization: { ...company, pending: "empty" } }, "empty"],
] as const)("%#", (c, want) => expect(pendingOf(c as never)).toBe(want));
