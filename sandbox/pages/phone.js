// The phone page: whose phone it is, its conversations, and the open chat.

import { fill } from "./dom.js";
import { keep, kept } from "./memory.js";
import { copyText, openActions } from "./phone-actions.js";
import { openChat } from "./phone-chat.js";
import { clockChanged, startClock } from "./phone-clock.js";
import { openComposer } from "./phone-compose.js";
import { askCustomer, askRow } from "./phone-forms.js";
import { openMenu } from "./phone-menu.js";
import { drawConversations, drawPeople } from "./phone-people.js";
import { openSettings } from "./phone-settings.js";
import { call, follow, onAnnounce, soon } from "./server.js";
import { note } from "./widgets.js";

const api = "/sandbox/phone/api";

const people = document.querySelector("#people");
const screen = document.querySelector("#screen");

const state = {
  numbers: [],
  customers: [], // each with chats: {number id: {last, unread}}, and all their unread together
  customer: kept("customer", ""),
  number: kept("number", ""),
  open: kept("open", true),
  all: kept("all", false),
};
let chat = null; // what openChat returned, while a chat is open
let composer = null;

const path = (rest, number = state.number) => `${api}/customers/${encodeURIComponent(state.customer)}${rest}?number=${encodeURIComponent(number)}`;
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

/** together puts the lists that each number has of its customers into one. */
function together(numbers, lists) {
  return lists[0].map((one, at) => {
    const chats = Object.fromEntries(numbers.map((number, n) => [number.id, { last: lists[n][at]?.last, unread: lists[n][at]?.unread ?? 0 }]));
    return { ...one, chats, unread: Object.values(chats).reduce((sum, part) => sum + part.unread, 0) };
  });
}

async function readCustomers() {
  const first = await call("GET", `${api}/customers`),
    rest = await Promise.all(first.numbers.slice(1).map((number) => call("GET", `${api}/customers?number=${encodeURIComponent(number.id)}`)));
  state.numbers = first.numbers;
  state.customers = together(first.numbers, [first, ...rest].map((answer) => answer.customers));
  if (!state.numbers.some((one) => one.id === state.number)) state.number = state.numbers[0].id;
  if (!current()) state.customer = state.customers[0]?.id ?? "";
  showPeople();
  if (!current()) return;
  if (!state.open) showConversations();
  else if (!chat) openTheChat(false);
}

async function readChat() {
  if (!chat) return;
  const asked = state.customer,
    shown = chat;
  const answer = await call("GET", `${path("/chat")}${state.all ? "&all=1" : ""}`);
  if (asked !== state.customer || shown !== chat) return;
  chat.show(answer);
  composer.ready(closedBecause(answer.customer));
}

function closedBecause(customer) {
  if (customer.gone) return "Este número é de outra pessoa agora.";
  return customer.offline ? "Sem conexão: ligue-a nos ajustes para escrever." : "";
}

const refreshList = soon(() => attempt(readCustomers));
const refreshChat = soon(() => attempt(readChat), 30);
const refresh = () => {
  refreshList();
  refreshChat();
};

async function markRead() {
  if ((current()?.chats[state.number]?.unread ?? 0) > 0) await attempt(() => call("POST", path("/read")));
}

async function send(type, content, more = {}, number = state.number) {
  await call("POST", path("/messages", number), { body: { ...more, type, [type]: content } });
  if (number !== state.number) {
    note("Encaminhada.");
    return;
  }
  chat?.forget();
  markRead();
  await readChat();
  if (type !== "edit" && type !== "revoke") chat?.toEnd();
}

async function sendFile(type, file, content, more) {
  const form = new FormData();
  form.append("file", file, file.name);
  const { id } = await call("POST", path("/media"), { body: form });
  const named = type === "document" ? { filename: file.name } : {};
  await send(type, { ...named, ...content, id }, more);
}

/** say has the customer do something that is no message, and tells that it was done. */
async function say(what, body, done) {
  const answer = await call("POST", path(`/${what}`), { body });
  note(done);
  refresh();
  return answer;
}

function offerCalls(button) {
  const ring = (seconds, done) => attempt(() => say("calls", { seconds }, done));
  openMenu(button, "Ligar para a empresa", [
    { label: "Ninguém atende", icon: "call", act: () => ring(0, "Ligação não atendida.") },
    { label: "Atendida, 2 minutos", icon: "call", act: () => ring(120, "Ligação de 2 minutos.") },
  ]);
}

const heard = new Set(); // voice messages that this page has reported as played

function played(message) {
  if (message.from !== "business" || !message.content.voice || heard.has(message.id)) return;
  heard.add(message.id);
  attempt(() => call("POST", path("/played"), { body: { message_id: message.id } }));
}

function openTheChat(byHand) {
  state.open = true;
  keep("open", true);
  keep("number", state.number);
  composer = openComposer(`draft.${state.customer}.${state.number}`, { send, sendFile });
  const answer = (type, content, message) => attempt(() => send(type, content, { context: { message_id: message.id } }));
  const bubbles = {
    react: (message, emoji) => attempt(() => send("reaction", { message_id: message.id, emoji })),
    reply: (message) => composer.reply(message),
    send: (...all) => attempt(() => send(...all)),
    numbers: () => state.numbers,
  };
  chat = openChat(
    {
      back: closeTheChat,
      call: offerCalls,
      settings,
      read: markRead,
      played,
      copy: copyText,
      menu: (message, anchor, point) => openActions(message, anchor, point, bubbles),
      show: (id) => chat.reveal(id),
      answer: (message, content) => answer("interactive", content, message),
      press: (message, button) => answer("button", { payload: button.payload, text: button.text }, message),
      choose: (message) => askRow(message, (row) => answer("interactive", { type: "list_reply", list_reply: row }, message)),
      sharePhone: (message) => attempt(() => say("share-phone", { message_id: message.id }, "O telefone foi compartilhado.")),
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
  showConversations();
  screen.querySelector(".conversation")?.focus();
}

function choose(id) {
  state.customer = id;
  keep("customer", id);
  showPeople();
  people.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  openTheChat(true);
}

function settings() {
  openSettings(current(), {
    attempt,
    set: (change) =>
      attempt(async () => {
        await call("PATCH", `${api}/customers/${encodeURIComponent(state.customer)}`, { body: change });
        refresh();
      }),
    say: async (what, body, done) => {
      const answer = await say(what, body, done);
      if (what !== "recycle") return;
      await readCustomers();
      choose(answer.id);
    },
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

function showPeople() {
  const text = JSON.stringify([state.customer, state.customers.map((one) => [one.id, one.name, one.username, one.phone, one.gone, one.offline, one.unread])]);
  if (text === drawnPeople) return;
  drawnPeople = text;
  const waiting = state.customers.reduce((sum, one) => sum + one.unread, 0);
  document.title = waiting > 0 ? `(${waiting}) Celular do cliente` : "Celular do cliente";
  drawPeople(people, state.customers, state.customer, { choose, add: newCustomer });
  document.querySelector("#phone-owner").textContent = current() ? `celular de ${current().name}` : "";
}

function showConversations() {
  drawConversations(screen, state.numbers, current(), {
    open: (number) => {
      state.number = number;
      openTheChat(true);
    },
    settings,
  });
}

async function start() {
  await startClock(refresh);
  setInterval(() => document.hidden || refreshChat(), 30000); // the window closes without an event
  onAnnounce(async () => {
    await clockChanged();
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
