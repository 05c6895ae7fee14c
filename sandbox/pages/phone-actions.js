// What a finger on a message offers: react, answer, forward, edit, delete, copy.

import { el } from "./dom.js";
import { askWords } from "./phone-forms.js";
import { openMenu, openSheet } from "./phone-menu.js";
import { preview } from "./phone-words.js";
import { now } from "./server.js";
import { phoneNumber } from "./times.js";
import { note } from "./widgets.js";

const emojis = [
  ["👍", "Joinha"],
  ["❤️", "Coração"],
  ["😂", "Risada"],
  ["😮", "Surpresa"],
  ["😢", "Tristeza"],
  ["🙏", "Obrigado"],
];

const editable = 15 * 60 * 1000,
  deletable = 2 * 24 * 60 * 60 * 1000;

const forwarded = ["text", "image", "video", "audio", "document", "sticker", "location", "contacts"];

/** copyText puts a text on the clipboard. */
export function copyText(text) {
  if (!navigator.clipboard) {
    note("O texto não pôde ser copiado.", true);
    return;
  }
  navigator.clipboard.writeText(text).then(
    () => note("Texto copiado."),
    () => note("O texto não pôde ser copiado.", true),
  );
}

function words(message) {
  return message.type === "text" ? message.content.body : (message.content.caption ?? "");
}

/** carried is what of a message goes on when it is forwarded. */
function carried(message) {
  const { id, link, caption, filename, voice } = message.content;
  if (["text", "location"].includes(message.type)) return message.content;
  if (message.type === "contacts") return message.content.map(({ name, phones, org, emails }) => ({ name, phones, org, emails }));
  return JSON.parse(JSON.stringify({ id, link, caption, filename, voice }));
}

function canForward(message) {
  return forwarded.includes(message.type) && !message.content.link;
}

/** askWhere shows the business' numbers; send gets the chosen one's id. */
function askWhere(numbers, send) {
  const close = openSheet(
    "Encaminhar para",
    numbers.map((number) =>
      el(
        "button",
        {
          type: "button",
          class: "row",
          onclick: () => {
            close();
            send(number.id);
          },
        },
        el("strong", {}, `${number.name} (empresa)`),
        el("small", {}, phoneNumber(number.display)),
      ),
    ),
  );
}

/**
 * openActions shows what can be done with a message. acts: react(message, emoji), reply(message), send(type, content,
 * more, numberId) and numbers() of the business.
 */
export function openActions(message, anchor, point, acts) {
  const age = now() - new Date(message.at),
    mine = message.from === "customer",
    own = message.reactions?.find((one) => one.from === "customer");
  const items = [
    { label: "Reagir", row: emojis.map(([text, label]) => ({ text, label, act: () => acts.react(message, text) })) },
    { label: "Responder", icon: "reply", act: () => acts.reply(message) },
  ];
  if (own) items.push({ label: "Tirar a reação", icon: "close", act: () => acts.react(message, "") });
  if (canForward(message))
    items.push({
      label: "Encaminhar…",
      icon: "forward",
      act: () => askWhere(acts.numbers(), (number) => acts.send(message.type, carried(message), { context: { forwarded: true } }, number)),
    });
  if (mine && age < editable && ["text", "image", "video", "document"].includes(message.type))
    items.push({
      label: "Editar…",
      icon: "pencil",
      act: () => askWords(words(message), (text) => acts.send("edit", { message_id: message.id, text })),
    });
  if (preview(message)) items.push({ label: "Copiar texto", icon: "copy", act: () => copyText(words(message) || preview(message)) });
  if (mine && age < deletable) items.push({ label: "Apagar para todos", icon: "trash", act: () => acts.send("revoke", { message_id: message.id }) });
  openMenu(anchor, "Ações da mensagem", items, point);
}
