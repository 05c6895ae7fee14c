// Whose phone it is, and which of the business' numbers its owner talks to.

import { avatar, el, fill, icon, iconButton, unseen } from "./dom.js";
import { preview } from "./phone-words.js";
import { phoneNumber, shortTime } from "./times.js";

const eventTypes = ["call", "system"];

function badge(count) {
  return count > 0 && el("span", { class: "badge" }, count, unseen(count === 1 ? " não lida" : " não lidas"));
}

function handle(one) {
  return one.username ? `@${one.username}` : phoneNumber(one.phone);
}

function person(one, here, choose) {
  const [given, ...family] = one.name.split(" ");
  return el(
    "button",
    {
      type: "button",
      class: one.gone ? "person away" : "person",
      dataset: { id: one.id },
      title: `${one.name}, ${handle(one)}${one.gone ? ", sem este número" : ""}`,
      "aria-current": here ? "true" : null,
      onclick: () => choose(one.id),
    },
    avatar(one.name),
    el("span", { class: "name" }, el("span", { class: "given" }, given), el("span", { class: "family" }, ` ${family.join(" ")}`)),
    el("span", { class: "handle" }, one.gone ? "sem este número" : one.offline ? "sem conexão" : handle(one)),
    badge(one.unread),
  );
}

/** drawPeople fills box with the customers. acts: choose(id), add(). */
export function drawPeople(box, customers, current, acts) {
  const focused = document.activeElement?.closest("#people button")?.dataset.id,
    scrolled = box.firstChild?.scrollLeft ?? 0;
  const add = el(
    "button",
    { type: "button", class: "person new", "aria-label": "Novo cliente", dataset: { id: "new" }, onclick: acts.add },
    el("span", { class: "avatar" }, icon("plus")),
    el("span", { class: "name" }, "Novo", el("span", { class: "family" }, " cliente")),
  );
  fill(
    box,
    el(
      "ul",
      {},
      customers.map((one) => el("li", {}, person(one, one.id === current, acts.choose))),
      el("li", {}, add),
    ),
  );
  box.firstChild.scrollLeft = scrolled;
  if (focused) box.querySelector(`button[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function conversation(number, owner, open) {
  const { last, unread } = owner.chats[number.id] ?? {};
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "conversation", dataset: { id: number.id }, onclick: () => open(number.id) },
      avatar(`${number.name} Empresa`),
      el(
        "span",
        { class: "conversation-text" },
        el("strong", {}, `${number.name} (empresa)`),
        el("span", { class: "conversation-number" }, phoneNumber(number.display), number.via && ` · via ${number.via}`),
        el("span", {}, last ? `${last.from === "customer" && !eventTypes.includes(last.type) ? "Você: " : ""}${preview(last)}` : "Toque para escrever"),
      ),
      el("span", { class: "conversation-side" }, last && el("time", { datetime: last.at }, shortTime(new Date(last.at))), badge(unread ?? 0)),
    ),
  );
}

/** drawConversations fills the screen with the owner's chats. acts: open(numberId), settings(). */
export function drawConversations(screen, numbers, owner, acts) {
  const focused = document.activeElement?.closest("#screen [data-id]")?.dataset.id;
  fill(
    screen,
    el(
      "div",
      { class: "conversations" },
      el(
        "header",
        { class: "chat-head" },
        el("div", { class: "who" }, el("h2", {}, "Conversas"), el("span", { class: "subtitle" }, owner.name)),
        iconButton("settings", "Ajustes deste celular", { onclick: acts.settings, dataset: { id: "settings" } }),
      ),
      el(
        "ul",
        {},
        numbers.map((number) => conversation(number, owner, acts.open)),
      ),
      el("p", { class: "hint" }, "Tudo aqui é simulado: nenhuma mensagem sai desta máquina."),
    ),
  );
  if (focused) screen.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}
