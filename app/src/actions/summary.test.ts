import { expect, test } from "vitest";
import type { Conversation, Message } from "../api/types";
import { summaryOf } from "./summary";

const conversation = { subject: "Nota rejeitada" } as Conversation;
const said = (text: string, more: Partial<Message> = {}): Message => ({ id: text, rev: 1, place: 0, at: "2026-11-23T12:00:00Z", kind: "message", author: "customer", text, ...more });

test("the customer's own words below the subject, short ones and other people's left out", () => {
  const list = [said("oi"), said("A nota 123 foi rejeitada\ncom o erro 539"), said("Qual é a versão da rotina?", { author: "agent" }), said("não vale mais isto aqui", { revoked: "2026-11-23T12:01:00Z" })];
  expect(summaryOf(conversation, list)).toBe("Nota rejeitada\n- A nota 123 foi rejeitada com o erro 539");
});

test("of many the first three and the last three", () => {
  const list = Array.from({ length: 9 }, (_, i) => said(`pergunta número ${i + 1}`));
  expect(summaryOf({} as Conversation, list).split("\n")).toEqual([1, 2, 3, 0, 7, 8, 9].map((n) => (n ? `- pergunta número ${n}` : "…")));
});

test("a long one is cut", () => {
  expect(summaryOf({} as Conversation, [said("x".repeat(500))])).toHaveLength(242);
});
