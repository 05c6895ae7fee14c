// One message of the chat as a bubble, and as the short line that lists and quotes show.

import { avatar, el, icon, outside, unseen, webAddress } from "./dom.js";
import { fullTime, hour, phoneNumber } from "./times.js";

const mediaNames = { image: "Foto", video: "Vídeo", audio: "Áudio", document: "Documento", sticker: "Figurinha" };
const mediaIcons = { image: "image", video: "film", audio: "sound", document: "file", sticker: "sticker" };

const states = { accepted: "a caminho", sent: "enviada", delivered: "entregue", read: "lida" };

/** mediaAddress is where the file of a media message can be loaded, "" when it is nowhere. */
function mediaAddress(content) {
  if (content.id) return `/sandbox/phone/api/media/${encodeURIComponent(content.id)}`;
  return content.link ? webAddress(content.link) : "";
}

/** preview is a message in one line. */
export function preview(message) {
  const content = message.content ?? {};
  switch (message.type) {
    case "text":
      return content.body ?? "";
    case "template":
      return message.preview ?? "";
    case "location":
      return `Localização${content.name ? `: ${content.name}` : ""}`;
    case "contacts":
      return `Contato: ${(Array.isArray(content) ? content : []).map((one) => one.name?.formatted_name).join(", ")}`;
    case "button":
      return content.text ?? "";
    case "interactive":
      return content.body?.text ?? answerOf(content)?.title ?? "Mensagem interativa";
    case "document":
      return content.filename ?? content.caption ?? "Documento";
    default:
      return content.caption || (mediaNames[message.type] ?? "Mensagem");
  }
}

function answerOf(content) {
  return content.button_reply ?? content.list_reply;
}

const marks = [
  ["```", "code"],
  ["*", "strong"],
  ["_", "em"],
  ["~", "s"],
];
const pattern =
  /```([^`]+)```|(?<![\p{L}\p{N}])\*(\S(?:[^*\n]*\S)?)\*|(?<![\p{L}\p{N}])_(\S(?:[^_\n]*\S)?)_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])~(\S(?:[^~\n]*\S)?)~|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/gu;

/** formatted is a text with the marks that WhatsApp knows (*bold*, _italic_, ~struck~, ```fixed```) and its links. */
export function formatted(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    const link = found[5];
    if (link) {
      nodes.push(outside(link, link));
    } else {
      const kind = [1, 2, 3, 4].find((group) => found[group] !== undefined);
      nodes.push(el(marks[kind - 1][1], {}, kind === 1 ? found[1] : formatted(found[kind])));
    }
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

function paragraph(text) {
  return text ? el("p", { class: "text", dir: "auto" }, formatted(text)) : null;
}

function media(message) {
  const content = message.content,
    address = mediaAddress(content),
    name = mediaNames[message.type];
  const foreign = !content.id && address;
  if (!address) return el("p", { class: "chip" }, icon(mediaIcons[message.type]), name);
  if (foreign || message.type === "document") {
    const label = content.filename || content.caption || name;
    return el("p", { class: "chip" }, icon(mediaIcons[message.type]), outside(address, label));
  }
  switch (message.type) {
    case "image":
      return el(
        "a",
        { class: "picture", href: address, target: "_blank", rel: "noopener" },
        el("img", { src: address, alt: content.caption || "Foto", loading: "lazy" }),
      );
    case "sticker":
      return el("img", { class: "sticker", src: address, alt: "Figurinha", loading: "lazy" });
    case "video":
      return el("video", { src: address, controls: true, preload: "metadata", "aria-label": content.caption || "Vídeo" });
    default:
      return el("audio", { src: address, controls: true, preload: "metadata", "aria-label": content.voice ? "Mensagem de voz" : "Áudio" });
  }
}

function place(content) {
  const spot = `${content.latitude},${content.longitude}`;
  const map = el("div", { class: "map", "aria-hidden": "true" }, icon("pin"));
  return el(
    "div",
    { class: "place" },
    map,
    el("strong", {}, content.name || "Localização"),
    content.address && el("span", {}, content.address),
    outside(
      `https://www.openstreetmap.org/?mlat=${content.latitude}&mlon=${content.longitude}#map=16/${spot.replace(",", "/")}`,
      `Ver no mapa (${spot})`,
    ),
  );
}

function card(contact) {
  const name = contact.name?.formatted_name ?? "Contato";
  return el(
    "div",
    { class: "card" },
    avatar(name),
    el(
      "div",
      {},
      el("strong", {}, name),
      contact.org?.company && el("span", {}, contact.org.company),
      (contact.phones ?? []).map((phone) => el("span", {}, phone.phone || phoneNumber(phone.wa_id ?? ""))),
      (contact.emails ?? []).map((mail) => el("span", {}, mail.email)),
    ),
  );
}

function interactive(message, acts) {
  const content = message.content,
    action = content.action ?? {};
  const answer = answerOf(content);
  if (answer) {
    return [
      el("p", { class: "answer" }, icon("reply"), answer.title),
      answer.description && el("p", { class: "quiet" }, answer.description),
    ];
  }
  const choices = [];
  for (const button of action.buttons ?? []) {
    choices.push(choice(button.reply.title, "reply", () => acts.answer(message, { type: "button_reply", button_reply: button.reply })));
  }
  if (action.sections) choices.push(choice(action.button, "list", () => acts.choose(message)));
  if (content.type === "request_contact_info") choices.push(choice("Compartilhar meu contato", "person", () => acts.shareSelf(message)));
  return [
    content.header?.text && el("p", { class: "headline" }, content.header.text),
    paragraph(content.body?.text ?? ""),
    content.footer?.text && el("p", { class: "quiet" }, content.footer.text),
    el("div", { class: "choices" }, choices),
  ];
}

function choice(label, drawing, act) {
  return el("button", { type: "button", class: "choice", onclick: act }, icon(drawing), label);
}

function content(message, acts) {
  const what = message.content ?? {};
  switch (message.type) {
    case "text":
      return paragraph(what.body ?? "");
    case "template":
      return [
        paragraph(message.preview ?? ""),
        el(
          "div",
          { class: "choices" },
          (message.buttons ?? []).map((text) => choice(text, "reply", () => acts.press(message, text))),
        ),
      ];
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return [media(message), message.type !== "document" || what.filename ? paragraph(what.caption ?? "") : null];
    case "location":
      return place(what);
    case "contacts":
      return (Array.isArray(what) ? what : []).map(card);
    case "button":
      return el("p", { class: "answer" }, icon("reply"), what.text ?? "");
    case "interactive":
      return interactive(message, acts);
    default:
      return el("p", { class: "quiet" }, `Mensagem do tipo “${message.type}”`);
  }
}

function quote(quoted, acts) {
  return el(
    "button",
    { type: "button", class: "quote", onclick: () => acts.show(quoted.id) },
    unseen("Ir para a mensagem citada: "),
    el("strong", {}, quoted.from === "customer" ? "Você" : "Empresa"),
    el("span", {}, preview(quoted)),
  );
}

/** ticks shows how far a message came. */
function ticks(message) {
  if (message.state === "failed") {
    return el(
      "span",
      { class: "ticks failed", title: `não entregue, erro ${message.error_code}` },
      icon("warn"),
      `não entregue (${message.error_code})`,
    );
  }
  const name = states[message.state] ?? message.state;
  const drawing = { accepted: "clock", sent: "check" }[message.state] ?? "checks";
  return el("span", { class: `ticks ${message.state}`, title: name }, icon(drawing), unseen(name));
}

/** bubble draws a message. acts: answer, choose, shareSelf, press, show, menu. */
export function bubble(message, acts) {
  const mine = message.from === "customer",
    at = new Date(message.at);
  const more = el(
    "button",
    {
      type: "button",
      class: "icon-button more",
      tabindex: "-1",
      "aria-label": "Ações da mensagem",
      title: "Responder ou reagir",
      "aria-haspopup": "menu",
      onclick: (event) => acts.menu(message, event.currentTarget),
    },
    icon("more"),
  );
  const away = !mine && !["delivered", "read"].includes(message.state);
  return el(
    "li",
    { class: `message ${mine ? "mine" : "theirs"} ${message.type}${away ? " away" : ""}`, tabindex: "-1", dataset: { id: message.id } },
    el(
      "div",
      { class: "bubble" },
      unseen(mine ? "Você: " : "Empresa: "),
      message.quoted && quote(message.quoted, acts),
      content(message, acts),
      el("div", { class: "meta" }, el("time", { datetime: message.at, title: fullTime(at) }, hour(at)), ticks(message)),
    ),
    more,
    message.reactions?.length > 0 &&
      el(
        "div",
        { class: "reactions" },
        message.reactions.map((one) =>
          el(
            "span",
            { title: one.from === "customer" ? "Sua reação" : "Reação da empresa" },
            unseen(one.from === "customer" ? "Sua reação: " : "Reação da empresa: "),
            one.emoji,
          ),
        ),
      ),
  );
}
