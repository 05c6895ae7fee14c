import { describe, expect, it } from "vitest";
import type { Canned } from "../api/types";
import { fill, marked, put, putBelow, search, tokenAt, unresolved, variablesOf } from "./words";

/** A text with its caret as "|". */
function at(text: string): [string, number] {
  const caret = text.indexOf("|");
  return [text.replace("|", ""), caret];
}

describe("tokenAt", () => {
  it.each([
    ["/|", { from: 0, query: "" }],
    ["/pre|ço", { from: 0, query: "pre" }],
    ["Olá /ob|", { from: 4, query: "ob" }],
    ["Olá\n/ob|", { from: 4, query: "ob" }],
    ["Olá/ob|", undefined],
    ["https://|", undefined],
    ["1/2|", undefined],
    ["/ob rigado|", undefined],
    ["/a/b|", undefined],
    ["|/ob", undefined],
  ])("%s", (text, want) => expect(tokenAt(...at(text))).toEqual(want));
});

describe("put and putBelow", () => {
  /** Takes the token at the caret out and puts X in, as "text|". */
  function edited(f: typeof put, text: string): string {
    const [whole, caret] = at(text);
    const edit = f(whole, tokenAt(whole, caret)?.from ?? caret, caret, "X");
    return `${edit.text.slice(0, edit.caret)}|${edit.text.slice(edit.caret)}`;
  }
  it.each([
    ["/a|", "X|", "X|"],
    ["Olá /a|", "Olá X|", "Olá\nX|"],
    ["Olá /a|, tudo bem?", "Olá X|, tudo bem?", "Olá , tudo bem?\nX|"],
    ["Olá\n/a|", "Olá\nX|", "Olá\nX|"],
    ["Olá\n/a|\nfim", "Olá\nX|\nfim", "Olá\nX|\nfim"],
    ["um\ndois /a|\ntrês", "um\ndois X|\ntrês", "um\ndois\nX|\ntrês"],
    ["  /a|", "  X|", "X|"],
  ])("%s", (text, there, below) => {
    expect(edited(put, text)).toBe(there);
    expect(edited(putBelow, text)).toBe(below);
  });
});

describe("search", () => {
  const replies: Canned[] = [
    { id: "1", folder: "Encerramento", title: "Despedida", short: "tchau", text: "Até logo!" },
    { id: "2", folder: "Financeiro", title: "Segunda via do boleto", short: "boleto", text: "Segue a segunda via." },
    { id: "3", title: "Horário", text: "Atendemos das 8h às 18h, {{contato.nome}}.", filled: "Atendemos das 8h às 18h, Ana." },
    { id: "4", title: "Prazo do boleto vencido", text: "O boleto é reemitido em um dia." },
  ];
  it.each([
    ["", ["1", "2", "3", "4"]],
    ["boleto", ["2", "4"]],
    ["bol", ["2", "4"]],
    ["horario", ["3"]],
    ["HORÁRIO", ["3"]],
    ["finan", ["2"]],
    ["ana", ["3"]],
    ["via-boleto", ["2"]],
    ["contato.nome", []],
    ["nada", []],
  ])("%s", (query, ids) => expect(search(replies, query).map((one) => one.id)).toEqual(ids));
});

describe("variables", () => {
  it("finds what has no value, once", () => {
    expect(unresolved("Olá {{contato.nome}}, {{x}} e {{contato.nome}}; {{}} { {a} } {{a\nb}}")).toEqual(["{{contato.nome}}", "{{x}}"]);
  });
  it("marks them", () => {
    expect(marked("Olá {{a}}!")).toEqual([
      { text: "Olá ", variable: false },
      { text: "{{a}}", variable: true },
      { text: "!", variable: false },
    ]);
  });
  it.each([
    ["{{2}} {{1}} {{10}} {{2}}", ["1", "2", "10"]],
    ["{{nome}} {{data}} {{nome}}", ["nome", "data"]],
    ["sem", []],
  ])("of the template %s are %s", (body, names) => expect(variablesOf(body)).toEqual(names));
  it("fills those that have a value", () => {
    expect(fill("Olá {{1}}, {{2}}, {{1}}", { 1: "Ana $& {{2}}", 2: "  " })).toBe("Olá Ana $& {{2}}, {{2}}, Ana $& {{2}}");
  });
});
