// One message of the chat as a bubble, or as a line for what is no message.

import { el, unseen } from "./dom.js";
import { content } from "./phone-content.js";
import { glyph } from "./phone-icons.js";
import { callName, preview, systemName } from "./phone-words.js";
import { fullTime, hour } from "./times.js";

const states = { accepted: "a caminho", sent: "enviada", delivered: "entregue", read: "lida", played: "ouvida" };
const drawings = { accepted: "clock", sent: "check", played: "mic" };

/** held is how long a finger rests on a message until its menu opens, in milliseconds. */
const held = 550;

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
    const why = `não entregue, erro ${message.error_code}`;
    return el("span", { class: "ticks failed", title: why }, glyph("warn"), `não entregue (${message.error_code})`);
  }
  const name = states[message.state] ?? message.state;
  return el("span", { class: `ticks ${message.state}`, title: name }, glyph(drawings[message.state] ?? "checks"), unseen(name));
}

function reactions(list) {
  return el(
    "div",
    { class: "reactions" },
    list.map((one) => {
      const whose = one.from === "customer" ? "Sua reação" : "Reação da empresa";
      return el("span", { title: whose }, unseen(`${whose}: `), one.emoji);
    }),
  );
}

/** line is what stands in the chat without being a message: a call, another number. */
function line(message) {
  const call = message.type === "call";
  return el(
    "li",
    { class: "event", dataset: { id: message.id } },
    el("span", {}, glyph(call ? "call" : "swap"), call ? callName(message.content) : systemName(message.content), ` · ${hour(new Date(message.at))}`),
  );
}

/** listen opens a message's menu: by the right mouse button or a finger that rests, where nothing else is pressed. */
function listen(node, open) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  const free = (target) => !target.closest("a, button, audio, video") && getSelection().isCollapsed;
  node.addEventListener("contextmenu", (event) => {
    if (!free(event.target)) return;
    event.preventDefault();
    stop();
    open({ x: event.clientX, y: event.clientY });
  });
  node.addEventListener("pointerdown", (event) => {
    stop();
    if (event.pointerType !== "touch" || !free(event.target)) return;
    const point = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => open(point), held);
  });
  for (const kind of ["pointerup", "pointercancel", "pointermove", "pointerleave"]) node.addEventListener(kind, stop);
}

/** bubble draws a message. acts: those of its content, show, menu(message, anchor, point?). */
export function bubble(message, acts) {
  if (message.type === "call" || message.type === "system") return line(message);
  const mine = message.from === "customer",
    at = new Date(message.at);
  const more = el(
    "button",
    {
      type: "button",
      class: "icon-button more",
      tabindex: "-1",
      "aria-label": "Ações da mensagem",
      title: "Ações da mensagem",
      "aria-haspopup": "menu",
      onclick: () => acts.menu(message, more),
    },
    glyph("more"),
  );
  const away = !mine && !["delivered", "read", "played"].includes(message.state);
  const body = el(
    "div",
    { class: "bubble" },
    unseen(mine ? "Você: " : "Empresa: "),
    message.forwarded && el("p", { class: "tag" }, glyph("forward"), "Encaminhada"),
    message.quoted && quote(message.quoted, acts),
    content(message, acts),
    el(
      "div",
      { class: "meta" },
      message.edited && el("span", {}, "editada"),
      el("time", { datetime: message.at, title: fullTime(at) }, hour(at)),
      ticks(message),
    ),
  );
  if (!message.deleted) listen(body, (point) => acts.menu(message, more, point));
  return el(
    "li",
    { class: `message ${mine ? "mine" : "theirs"} ${message.type}${away ? " away" : ""}`, tabindex: "-1", dataset: { id: message.id } },
    body,
    message.deleted ? el("span", { class: "more" }) : more,
    message.reactions?.length > 0 && reactions(message.reactions),
  );
}
