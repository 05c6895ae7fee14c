// A first wording of what a conversation is about, for the second level; the agent edits it.

import type { Conversation, Message } from "../api/types";

/** How much of it is taken over. */
const mostLines = 6;
const mostLine = 240;

/** A draft of the summary: the subject and the customer's own words. */
export function summaryOf(conversation: Conversation, messages: Message[]): string {
  const said = messages
    .filter((one) => one.kind === "message" && one.author === "customer" && !one.revoked && (one.text ?? "").trim().length > 8)
    .map((one) => (one.text ?? "").trim().replace(/\s+/g, " "))
    .map((text) => (text.length > mostLine ? `${text.slice(0, mostLine - 1)}…` : text));
  const lines = said.length > mostLines ? [...said.slice(0, 3), "…", ...said.slice(-(mostLines - 3))] : said;
  return [conversation.subject ?? "", ...lines.map((one) => (one === "…" ? one : `- ${one}`))].filter(Boolean).join("\n");
}
