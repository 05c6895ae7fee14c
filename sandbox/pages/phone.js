// The phone page: whose phone it is, its conversations, and the open chat.

import { avatar, el, fill, icon, iconButton, unseen } from "./dom.js";
import { keep, kept } from "./memory.js";
import { openChat } from "./phone-chat.js";
import { openComposer } from "./phone-compose.js";
import { askCustomer, askRow, contactCard, showSettings } from "./phone-forms.js";
import { preview } from "./phone-message.js";
import { call, follow, now, onAnnounce, readClock, soon } from "./server.js";
import { hour, phoneNumber, shortTime } from "./times.js";
import { note, openMenu } from "./widgets.js";

const api = "/sandbox/phone/api";
const emojis = [
  ["👍", "Joinha"],
  ["❤️", "Coração"],
  ["😂", "Risada"],
  ["😮", "Surpresa"],
  ["😢", "Tristeza"],
  ["🙏", "Obrigado"],
];

const people = document.querySelector("#people");
const screen = document.querySelector("#screen");

const state = { numbers: [], customers: [], customer: kept("customer", ""), number: "", open: kept("open", true), all: kept("all", false) };
let chat = null; // what openChat returned, while a chat is open
let composer = null;

const path = (rest) => `${api}/customers/${encodeURIComponent(state.customer)}${rest}?number=${encodeURIComponent(state.number)}`;
const current = () => state.customers.find((one) => one.id === state.customer);

/** attempt runs act and shows what went wrong. */
async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    note(error.message, true);
    return undefined;
  }
}

async function readCustomers() {
  const query = state.number ? `?number=${encodeURIComponent(state.number)}` : "";
  const answer = await call("GET", `${api}/customers${query}`);
  state.numbers = answer.numbers;
  state.customers = answer.customers;
  if (!state.numbers.some((one) => one.id === state.number)) state.number = state.numbers[0].id;
  if (!current()) state.customer = state.customers[0]?.id ?? "";
  drawPeople();
  if (!chat && current()) {
    if (state.open) openTheChat(false);
    else drawConversations();
  } else if (!state.open) {
    drawConversations();
  }
}

async function readChat() {
  if (!chat) return;
  const asked = state.customer,
    shown = chat;
  const answer = await call("GET", `${path("/chat")}${state.all ? "&all=1" : ""}`);
  if (asked === state.customer && shown === chat) chat.show(answer);
}

const refreshList = soon(() => attempt(readCustomers));
const refreshChat = soon(() => attempt(readChat), 30);
const refresh = () => {
  refreshList();
  refreshChat();
};

async function markRead() {
  if ((current()?.unread ?? 0) > 0) await attempt(() => call("POST", path("/read")));
}

async function send(type, content, quotedId) {
  const body = { type, [type]: content };
  if (quotedId) body.context = { message_id: quotedId };
  await call("POST", path("/messages"), { body });
  chat?.forget();
  markRead();
  await readChat();
  chat?.toEnd();
}

async function sendFile(type, file, more, quotedId) {
  const form = new FormData();
  form.append("file", file, file.name);
  const { id } = await call("POST", path("/media"), { body: form });
  const content = { id, ...more };
  if (type === "document") content.filename = file.name;
  await send(type, content, quotedId);
}

function react(message, emoji) {
  return attempt(() => send("reaction", { message_id: message.id, emoji }, ""));
}

function messageMenu(message, anchor) {
  const own = message.reactions?.find((one) => one.from === "customer");
  const items = [
    { label: "Reagir", row: emojis.map(([text, label]) => ({ text, label, act: () => react(message, text) })) },
    { label: "Responder", icon: "reply", act: () => composer.reply(message) },
  ];
  if (own) items.push({ label: "Tirar a reação", icon: "close", act: () => react(message, "") });
  const text = preview(message);
  if (text && navigator.clipboard)
    items.push({
      label: "Copiar texto",
      icon: "copy",
      act: () =>
        navigator.clipboard.writeText(text).then(
          () => note("Texto copiado."),
          () => note("O texto não pôde ser copiado.", true),
        ),
    });
  openMenu(anchor, "Ações da mensagem", items);
}

function openTheChat(byHand) {
  state.open = true;
  keep("open", true);
  composer = openComposer(state.customer, { send, sendFile });
  chat = openChat(
    {
      back: () => closeTheChat(),
      settings,
      read: markRead,
      menu: messageMenu,
      show: (id) => chat.reveal(id),
      answer: (message, content) => attempt(() => send("interactive", content, message.id)),
      press: (message, text) => attempt(() => send("button", { payload: text, text }, message.id)),
      choose: (message) => askRow(message, (row) => send("interactive", { type: "list_reply", list_reply: row }, message.id)),
      shareSelf: (message) => attempt(() => send("contacts", contactCard(current().name, phoneNumber(current().phone), ""), message.id)),
    },
    composer.node,
  );
  fill(screen, chat.node);
  attempt(readChat);
  if (byHand) {
    markRead();
    composer.focus();
  }
}

function closeTheChat() {
  state.open = false;
  keep("open", false);
  chat = null;
  composer = null;
  drawConversations();
  screen.querySelector(".conversation")?.focus();
}

function choose(id) {
  state.customer = id;
  keep("customer", id);
  drawPeople();
  people.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  openTheChat(true);
}

function settings() {
  showSettings(current(), {
    set: (change) => attempt(() => call("PATCH", `${api}/customers/${encodeURIComponent(state.customer)}`, { body: change })),
    all: state.all,
    setAll: (on) => {
      state.all = on;
      keep("all", on);
      refreshChat();
    },
  });
}

function newCustomer() {
  askCustomer(async (fields) => {
    const made = await call("POST", `${api}/customers`, { body: fields });
    await readCustomers();
    choose(made.id);
  });
}

let drawnPeople = ""; // what the last drawing showed: redrawn in between, a click would be lost

function drawPeople() {
  const text = JSON.stringify([state.customer, state.customers.map((one) => [one.id, one.name, one.unread])]);
  if (text === drawnPeople) return;
  drawnPeople = text;
  const focused = document.activeElement?.closest("#people button")?.dataset.id;
  const waiting = state.customers.reduce((sum, one) => sum + one.unread, 0);
  document.title = waiting > 0 ? `(${waiting}) Celular do cliente` : "Celular do cliente";
  const scrolled = people.firstChild?.scrollLeft ?? 0;
  fill(
    people,
    el(
      "ul",
      {},
      state.customers.map((one) => el("li", {}, person(one))),
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "person new", "aria-label": "Novo cliente", dataset: { id: "new" }, onclick: newCustomer },
          el("span", { class: "avatar" }, icon("plus")),
          el("span", { class: "name" }, "Novo", el("span", { class: "family" }, " cliente")),
        ),
      ),
    ),
  );
  people.firstChild.scrollLeft = scrolled;
  if (focused) people.querySelector(`button[data-id="${CSS.escape(focused)}"]`)?.focus();
  document.querySelector("#phone-owner").textContent = current() ? `celular de ${current().name}` : "";
}

function person(one) {
  const here = one.id === state.customer;
  return el(
    "button",
    {
      type: "button",
      class: "person",
      dataset: { id: one.id },
      title: one.username ? `${one.name} (@${one.username})` : `${one.name}, ${phoneNumber(one.phone)}`,
      "aria-current": here ? "true" : null,
      onclick: () => choose(one.id),
    },
    avatar(one.name),
    el(
      "span",
      { class: "name" },
      el("span", { class: "given" }, one.name.split(" ")[0]),
      el("span", { class: "family" }, ` ${one.name.split(" ").slice(1).join(" ")}`),
    ),
    el("span", { class: "handle" }, one.username ? `@${one.username}` : phoneNumber(one.phone)),
    badge(one.unread),
  );
}

function badge(count) {
  return count > 0 && el("span", { class: "badge" }, count, unseen(count === 1 ? " não lida" : " não lidas"));
}

function drawConversations() {
  const owner = current();
  const focused = document.activeElement?.closest("#screen [data-id]")?.dataset.id;
  const rows = state.numbers.map((number) => {
    const here = number.id === state.number,
      last = here ? owner.last : null;
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: "conversation",
          dataset: { id: number.id },
          onclick: () => {
            state.number = number.id;
            openTheChat(true);
          },
        },
        avatar("Atendimento Empresa"),
        el(
          "span",
          { class: "conversation-text" },
          el("strong", {}, "Atendimento (empresa)"),
          el("span", {}, last ? `${last.from === "customer" ? "Você: " : ""}${preview(last)}` : phoneNumber(number.display)),
        ),
        el(
          "span",
          { class: "conversation-side" },
          last && el("time", { datetime: last.at }, shortTime(new Date(last.at))),
          badge(here ? owner.unread : 0),
        ),
      ),
    );
  });
  fill(
    screen,
    el(
      "div",
      { class: "conversations" },
      el(
        "header",
        { class: "chat-head" },
        el("div", { class: "who" }, el("h2", {}, "Conversas"), el("span", { class: "subtitle" }, owner.name)),
        iconButton("settings", "Ajustes deste celular", { onclick: settings, dataset: { id: "settings" } }),
      ),
      el("ul", {}, rows),
      el("p", { class: "hint" }, "Tudo aqui é simulado: nenhuma mensagem sai desta máquina."),
    ),
  );
  if (focused) screen.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function tick() {
  const time = document.querySelector("#phone-clock");
  time.textContent = hour(now());
  time.dateTime = now().toISOString();
}

async function start() {
  await readClock().catch(() => {});
  tick();
  setInterval(tick, 5000);
  setInterval(() => document.hidden || refreshChat(), 30000); // the window closes without an event
  onAnnounce(() => {
    tick();
    refresh();
  });
  follow(() => `${api}/events`, {
    opened: refresh,
    heard: (_, event) => {
      refreshList();
      if (event.customer === "" || event.customer === state.customer) refreshChat();
    },
    state: (on) => {
      document.querySelector("#link").textContent = on ? "" : "sem conexão, tentando…";
    },
  });
}

start();
