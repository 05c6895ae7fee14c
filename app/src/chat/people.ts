// What the people of a chat are called, and how their messages are told apart.

import type { Message } from "../api/types";
import type { Key, Speech } from "../i18n";
import { now } from "../clock";
import type { Outgoing } from "./outbox";
import type { Tone } from "./parts";

/** Who looks, and who is talked to. */
export interface People {
  me: number;
  customer: string;
}

type Said = Pick<Message, "author" | "who" | "agent">;

/** What an author is called. */
export function whoOf(said: Said, people: People, t: Speech["t"]): string {
  switch (said.author) {
    case "customer":
      return said.who || people.customer || t("chat.who.customer");
    case "agent":
      return said.agent !== undefined && said.agent === people.me ? t("chat.who.you") : said.who || t("chat.who.agent");
  }
  return t("chat.who.ponte");
}

/** How a message is coloured: the customer's, the company's by WhatsApp, the company's by another channel, a note. */
export function toneOf(message: Message): Tone {
  if (message.kind === "note") return "note";
  if (message.author === "customer") return "customer";
  const whatsapp = message.delivery !== undefined || message.wamid !== undefined || message.origin === "phone" || message.origin === "app" || message.origin === "automatic" || message.origin === "whatsapp";
  return whatsapp ? "office" : "other";
}

const origins = ["whatsapp", "ticket", "email", "portal", "app", "phone", "automatic"] as const;

/** By which way a message came; "" where it is told already. */
export function originOf(message: Message, t: Speech["t"]): string {
  const origin = origins.find((one) => one === message.origin);
  if (!origin || message.kind === "note" || (origin === "automatic" && message.author === "ponte")) return "";
  return t(`chat.origin.${origin}` satisfies Key);
}

/** Something on its way, as a message. */
export function asMessage(item: Outgoing, people: People): Message {
  return {
    id: item.id, command: item.id, rev: 0, place: 0, at: new Date(item.at).toISOString(), kind: item.kind === "note" ? "note" : "message", author: "agent", agent: people.me,
    origin: "app", type: item.file?.kind ?? (item.kind === "template" ? "template" : "text"), text: item.text,
    ...(item.quote ? { quote: { id: item.quote.id, ...(item.quote.author ? { author: item.quote.author } : {}), who: item.quote.who ?? "", text: item.quote.text ?? "", type: item.quote.type ?? "" } } : {}),
    ...(item.file ? { files: [{ id: item.file.upload, kind: kindOf(item.file.kind), name: item.file.file.name, mime: item.file.file.type, size: item.file.file.size, voice: item.file.voice }] } : {}),
    ...(item.state === "taken" && item.kind !== "note" ? { delivery: item.kept ? ("kept" as const) : ("queued" as const) } : {}),
  };
}

type FileKind = NonNullable<Message["files"]>[number]["kind"];

function kindOf(kind: string): FileKind {
  return kind === "image" || kind === "audio" || kind === "video" || kind === "sticker" ? kind : "document";
}

/** A date as a separator says it. */
export function dayText(at: string | number, { t, day }: Speech): string {
  const text = day(at);
  if (text === day(now())) return t("chat.today");
  return text === day(now() - 24 * 60 * 60_000) ? t("chat.yesterday") : text;
}
