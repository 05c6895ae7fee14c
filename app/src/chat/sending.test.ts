import { describe, expect, it } from "vitest";
import type { Conversation, Message } from "../api/types";
import { placeOf, wordsOf } from "./body";
import type { OutFile } from "./outbox";
import { empty, noted, obstacle, outgoing, templated } from "./sending";
import { writable } from "./status";

let count = 0;
const common = () => ({ newID: () => `id-${++count}`, at: 5 });
const file = (kind: string): OutFile => ({ file: new File(["x"], "x"), kind, upload: `up-${kind}`, voice: false });
const quote = { id: "m", wamid: "wamid.m" } as Message;

describe("outgoing", () => {
  const bodies = (...args: Parameters<typeof outgoing>) => outgoing(...args).map((one) => one.body);

  it("is one reply with its quote", () => {
    expect(bodies("  Olá \n", quote, [], common())).toEqual([{ text: "Olá", reply_to: "wamid.m" }]);
  });
  it("puts the words below the first file that takes some", () => {
    expect(bodies("Olá", quote, [file("audio"), file("image"), file("document")], common())).toEqual([
      { text: "", file: "up-audio", reply_to: "wamid.m" },
      { text: "Olá", file: "up-image" },
      { text: "", file: "up-document" },
    ]);
  });
  it("sends the words first where no file takes them", () => {
    expect(bodies("Olá", undefined, [file("audio")], common())).toEqual([{ text: "Olá" }, { text: "", file: "up-audio" }]);
    expect(bodies("a".repeat(1025), undefined, [file("image")], common()).map((one) => (one.text as string).length)).toEqual([1025, 0]);
  });
  it("is nothing without anything", () => expect(bodies(" ", undefined, [], common())).toEqual([]));
  it("has an id of its own for every command", () => {
    const ids = outgoing("Olá", undefined, [file("audio"), file("audio")], common()).map((one) => one.id);
    expect(new Set(ids).size).toBe(3);
  });
  it("makes notes and templates", () => {
    expect(noted(" nota ", common())).toMatchObject({ kind: "note", body: { text: "nota" } });
    expect(templated({ name: "x", language: "pt_BR", values: ["1"] }, "texto", common())).toMatchObject({ kind: "template", text: "texto", body: { template: { name: "x", language: "pt_BR", values: ["1"] } } });
  });
});

describe("obstacle", () => {
  const of = (text: string, files: { kind: string; state: "loading" | "ready" | "failed" }[] = []) => obstacle({ text, quote: undefined, files });
  it.each([
    ["Olá", [], undefined],
    ["Olá {{contato.nome}}", [], { kind: "variables", names: ["{{contato.nome}}"] }],
    ["a".repeat(4096), [], undefined],
    ["a".repeat(4097), [], { kind: "long", n: 4097, most: 4096 }],
    ["a", [{ kind: "image", state: "loading" }], { kind: "loading" }],
    ["a", [{ kind: "image", state: "loading" }, { kind: "image", state: "failed" }], { kind: "broken" }],
    ["a".repeat(2000), [{ kind: "image", state: "ready" }], undefined],
    ["", [{ kind: "image", state: "ready" }], undefined],
  ] as const)("of %.20s with %j", (text, files, want) => {
    if (want) expect(of(text, [...files])).toMatchObject(want);
    else expect(of(text, [...files])).toBeUndefined();
  });
  it("knows what is nothing", () => {
    expect(empty({ text: " \n", quote, files: [] })).toBe(true);
    expect(empty({ text: "", quote: undefined, files: [{ kind: "image", state: "loading" }] })).toBe(false);
  });
});

describe("writable", () => {
  const of = (more: Partial<Conversation>) => writable("s", { session: "s", state: "active", allowed: ["reply", "note", "template"], ...more } as Conversation);
  it.each([
    [{}, true, true, undefined],
    [{ allowed: undefined }, true, true, undefined],
    [{ state: "queued" }, true, true, undefined],
    [{ allowed: ["note"] }, false, true, "chat.ended.forbidden"],
    [{ allowed: [] }, false, false, "chat.ended.forbidden"],
    [{ state: "closed", allowed: ["note"] }, false, true, "chat.ended.closed"],
    [{ state: "expired", allowed: [] }, false, false, "chat.ended.expired"],
    [{ state: "cancelled" }, false, true, "chat.ended.cancelled"],
    [{ state: "stopped" }, false, true, "chat.ended.stopped"],
    [{ session: "other" }, false, false, "chat.ended.older"],
  ] as const)("%j", (more, reply, note, why) => expect(of(more as Partial<Conversation>)).toMatchObject({ reply, note, why }));
});

describe("wordsOf", () => {
  const photo = [{ id: "f", kind: "image" as const, name: "foto.png" }];
  it.each([
    [{ text: "[Imagem] veja a tela", files: photo }, "veja a tela"],
    [{ text: "[Imagem]", files: photo }, ""],
    [{ text: "[Documento] nota.pdf\nsegue", files: [{ id: "f", kind: "document" as const, name: "nota.pdf" }] }, "segue"],
    [{ text: "[Documento] nota.pdf", files: [{ id: "f", kind: "document" as const, name: "nota.pdf" }] }, ""],
    [{ text: "[Mensagem de voz]", files: [{ id: "f", kind: "audio" as const, name: "audio.ogg" }] }, ""],
    [{ text: "[Imagem] sem arquivo" }, "[Imagem] sem arquivo"],
    [{ text: "[Imagens] não", files: photo }, "[Imagens] não"],
    [{ text: "[Contato] Ana\n+55\n\n[Contato] Bia", type: "contacts" }, "Ana\n+55\n\nBia"],
    [{ text: "[Contato] Ana", type: "text" }, "[Contato] Ana"],
    [{}, ""],
  ])("%j", (message, want) => expect(wordsOf(message)).toBe(want));
});

describe("placeOf", () => {
  it("finds where it is, and leaves the map's address out", () => {
    expect(placeOf("[Localização] Matriz\n-16.680000, -49.250000\nhttps://www.google.com/maps?q=-16.680000,-49.250000")).toEqual({
      words: "Matriz\n-16.680000, -49.250000",
      place: { latitude: "-16.680000", longitude: "-49.250000" },
    });
    expect(placeOf("sem lugar")).toEqual({ words: "sem lugar", place: undefined });
  });
});
