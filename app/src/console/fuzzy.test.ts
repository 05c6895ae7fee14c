import { expect, it } from "vitest";
import { best, fit } from "./fuzzy";

it.each([
  ["Transferir para o N2", "trans", true],
  ["Transferir para o N2", "n2 transferir", true],
  ["Posicionamento de ticket", "POSIÇ", true],
  ["Transferir para o N2", "feri", true],
  ["Transferir para o N2", "trfr", true],
  ["Transferir para o N2", "fechar", false],
  ["Transferir para o N2", "zx", false],
  ["Encerrar", "", true],
])("%s by %s: %s", (label, typed, want) => expect(fit(label, typed) > 0).toBe(want));

it("puts beginnings before middles before letters", () => {
  expect(best(["Adiar a conversa", "Conversas adiadas", "Encerrar", "Radiar"], (one) => one, "adia")).toEqual(["Adiar a conversa", "Conversas adiadas", "Radiar"]);
  expect(best(["b", "a"], (one) => one, "")).toEqual(["b", "a"]);
});
