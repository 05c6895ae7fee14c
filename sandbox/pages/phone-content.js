// What is inside a message's bubble, by its type.

import { avatar, el, outside, webAddress } from "./dom.js";
import { glyph } from "./phone-icons.js";
import { answerOf, mediaName, price, unsupportedName } from "./phone-words.js";
import { phoneNumber } from "./times.js";

const mediaIcons = { image: "image", video: "film", audio: "sound", document: "file", sticker: "sticker" };

/** mediaAddress is where the file of a media message can be loaded, "" when it is nowhere. */
function mediaAddress(content) {
  if (content.id) return `/sandbox/phone/api/media/${encodeURIComponent(content.id)}`;
  return content.link ? webAddress(content.link) : "";
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
function formatted(text) {
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

/** file shows a file of a kind: pictures and sounds themselves, anything else to be opened. played is told of a first play. */
function file(kind, content, played) {
  const address = mediaAddress(content),
    name = mediaName(kind),
    label = content.filename || (kind === "document" ? content.caption : "") || name;
  if (!address) return el("p", { class: "chip" }, glyph(mediaIcons[kind]), name);
  if (!content.id) return el("p", { class: "chip" }, glyph(mediaIcons[kind]), outside(address, label));
  switch (kind) {
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
    case "audio":
      return el("audio", {
        src: address,
        controls: true,
        preload: "metadata",
        "aria-label": content.voice ? "Mensagem de voz" : "Áudio",
        onplay: played,
      });
    default:
      return el(
        "a",
        { class: "chip file", href: address, target: "_blank", rel: "noopener", download: content.filename || "documento" },
        glyph("file"),
        el("span", { class: "file-name" }, label),
        glyph("download"),
      );
  }
}

function place(content) {
  const spot = `${content.latitude},${content.longitude}`;
  return el(
    "div",
    { class: "place" },
    el("div", { class: "map", "aria-hidden": "true" }, glyph("pin")),
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

function choice(label, drawing, act) {
  return el("button", { type: "button", class: "choice", onclick: act }, glyph(drawing), label);
}

function linkChoice(label, drawing, address) {
  return el("a", { class: "choice", href: address, target: "_blank", rel: "noopener noreferrer" }, glyph(drawing), label);
}

/** answered shows what a person chose. */
function answered(title, description) {
  return [el("p", { class: "answer" }, glyph("reply"), title), description && el("p", { class: "quiet" }, description)];
}

function formAnswers(reply) {
  let fields = {};
  try {
    fields = JSON.parse(reply.response_json);
  } catch {
    // An answer that is no JSON is shown without its fields.
  }
  return [
    el("p", { class: "answer" }, glyph("form"), "Formulário preenchido"),
    el(
      "dl",
      { class: "facts" },
      Object.entries(fields)
        .filter(([name]) => name !== "flow_token")
        .map(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]),
    ),
  ];
}

function interactive(message, acts) {
  const content = message.content,
    action = content.action ?? {},
    chosen = answerOf(content),
    header = content.header ?? {};
  if (chosen) return answered(chosen.title, chosen.description);
  if (content.type === "nfm_reply") return formAnswers(content.nfm_reply);
  if (content.type === "call_permission_reply")
    return answered(content.call_permission_reply.response === "accept" ? "Aceitou receber ligações" : "Não quer receber ligações");
  const choices = (action.buttons ?? []).map((button) =>
    choice(button.reply.title, "reply", () => acts.answer(message, { type: "button_reply", button_reply: button.reply })),
  );
  if (action.sections) choices.push(choice(action.button, "list", () => acts.choose(message)));
  if (content.type === "request_contact_info") choices.push(choice("Compartilhar meu telefone", "person", () => acts.sharePhone(message)));
  return [
    header.type && header.type !== "text" && file(header.type, header[header.type]),
    header.text && el("p", { class: "headline" }, header.text),
    paragraph(content.body?.text ?? ""),
    content.footer?.text && el("p", { class: "quiet" }, content.footer.text),
    el("div", { class: "choices" }, choices),
  ];
}

function templateButton(message, button, acts) {
  switch (button.type) {
    case "url":
      return webAddress(button.url ?? "") ? linkChoice(button.text, "link", button.url) : null;
    case "phone_number":
      return linkChoice(button.text, "call", `tel:${button.phone ?? ""}`);
    case "otp":
    case "copy_code":
      return choice(button.text, "copy", () => acts.copy(button.payload ?? ""));
    case "request_contact_info":
      return choice(button.text, "person", () => acts.sharePhone(message));
    default:
      return choice(button.text, "reply", () => acts.press(message, button));
  }
}

function template(message, acts) {
  const view = message.template ?? { body: message.preview ?? "" };
  const head = view.header_content;
  return [
    head && (view.header_type === "location" ? place(head) : file(view.header_type, head)),
    view.header && el("p", { class: "headline" }, view.header),
    paragraph(view.body),
    view.footer && el("p", { class: "quiet" }, view.footer),
    el(
      "div",
      { class: "choices" },
      (view.buttons ?? []).map((button) => templateButton(message, button, acts)),
    ),
  ];
}

function order(content) {
  const items = content.product_items ?? [];
  const total = items.reduce((sum, item) => sum + item.item_price * item.quantity, 0);
  return el(
    "div",
    { class: "order" },
    el("p", { class: "answer" }, glyph("cart"), `Pedido: ${items.length === 1 ? "1 produto" : `${items.length} produtos`}`),
    el(
      "ul",
      {},
      items.map((item) =>
        el("li", {}, el("span", {}, `${item.quantity} × ${item.product_retailer_id}`), price(item.item_price * item.quantity, item.currency)),
      ),
    ),
    items.length > 0 && el("p", { class: "total" }, el("span", {}, "Total"), price(total, items[0].currency)),
    paragraph(content.text ?? ""),
  );
}

/** content is what a message says. acts: answer, choose, press, sharePhone, copy, played. */
export function content(message, acts) {
  if (message.deleted)
    return el("p", { class: "quiet gone" }, glyph("ban"), message.from === "customer" ? "Você apagou esta mensagem" : "Esta mensagem foi apagada");
  const what = message.content ?? {};
  switch (message.type) {
    case "text":
      return paragraph(what.body ?? "");
    case "template":
      return template(message, acts);
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return [
        file(message.type, what, () => acts.played(message)),
        message.type !== "document" || what.filename ? paragraph(what.caption ?? "") : null,
      ];
    case "location":
      return place(what);
    case "contacts":
      return (Array.isArray(what) ? what : []).map(card);
    case "button":
      return answered(what.text ?? "");
    case "interactive":
      return interactive(message, acts);
    case "order":
      return order(what);
    case "unsupported":
      return [el("p", { class: "answer" }, glyph("poll"), unsupportedName(what)), el("p", { class: "quiet" }, "A empresa só sabe que algo foi enviado.")];
    default:
      return el("p", { class: "quiet" }, `Mensagem do tipo “${message.type}”`);
  }
}
