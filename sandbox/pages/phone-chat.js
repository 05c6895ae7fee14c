// The open chat: its messages in order, what is new in it, and the state of the 24-hour window.

import { arrange, avatar, el, fill, icon, iconButton, unseen } from "./dom.js";
import { glyph } from "./phone-icons.js";
import { bubble } from "./phone-message.js";
import { dayName, phoneNumber } from "./times.js";

/** near is how far from the end, in pixels, somebody still counts as reading the newest message. */
const near = 80;

/**
 * openChat builds the chat's screen. acts: back, call(button), settings, read, and those of bubbles. It returns its node,
 * `show(chat)`, which draws what changed and keeps the place that is being read, `reveal(id)` and `toEnd()`.
 */
export function openChat(acts, composer) {
  const title = el("strong"),
    subtitle = el("span", { class: "subtitle" }),
    face = el("span", { class: "face" });
  const header = el(
    "header",
    { class: "chat-head" },
    iconButton("back", "Voltar às conversas", { onclick: acts.back }),
    face,
    el("div", { class: "who" }, el("h2", {}, title), subtitle),
    el(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Ligar", title: "Ligar", "aria-haspopup": "menu", onclick: (event) => acts.call(event.currentTarget) },
      glyph("call"),
    ),
    iconButton("settings", "Ajustes deste celular", { onclick: acts.settings }),
  );
  const banner = el("div", { class: "banner", role: "status", hidden: true });
  const list = el("ol", { class: "messages" });
  const typing = el("div", { class: "typing", hidden: true }, el("i"), el("i"), el("i"), unseen("A empresa está digitando"));
  const log = el(
    "div",
    { class: "log", role: "log", "aria-label": "Mensagens. Use as setas para percorrer e Enter para as ações." },
    list,
    typing,
  );
  const jump = el("button", { type: "button", class: "jump", hidden: true, onclick: () => toEnd() });
  const unread = el("div", { class: "unread-bar", hidden: true });
  const node = el("div", { class: "chat" }, header, banner, el("div", { class: "log-frame" }, log, jump), unread, composer);

  const drawn = new Map(); // message id → {text, node}
  let first = true,
    below = 0,
    firstUnread = "";

  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < near;
  const toEnd = () => {
    log.scrollTop = log.scrollHeight;
    settle();
  };
  const settle = () => {
    if (atEnd()) below = 0;
    jump.hidden = atEnd();
    fill(jump, icon("down"), below > 0 ? ` ${below} ${below === 1 ? "nova" : "novas"}` : unseen("Ir para a última mensagem"));
  };
  log.addEventListener("scroll", settle, { passive: true });
  // Both grow by themselves: the frame with the composer, the list when pictures and films come in.
  const follow = new ResizeObserver(() => first || (stick && toEnd()));
  follow.observe(log);
  follow.observe(list);
  let stick = true;
  log.addEventListener(
    "scroll",
    () => {
      stick = atEnd();
    },
    { passive: true },
  );
  list.addEventListener("keydown", (event) => walk(event, list));

  function show(chat) {
    stick = first || atEnd();
    head(chat);
    const before = drawn.size;
    const focused = list.contains(document.activeElement) ? document.activeElement.closest("li")?.dataset.id : null;
    log.setAttribute("aria-busy", String(first));
    draw(chat);
    const added = drawn.size - before;
    if (!first && added > 0 && !stick && chat.messages.at(-1)?.from === "business") below += added;
    rove(list, focused);
    typing.hidden = !chat.typing;
    window24(chat);
    marks(chat);
    first = false;
    log.setAttribute("aria-busy", "false");
    if (stick) toEnd();
    settle();
  }

  function head(chat) {
    title.textContent = chat.number.name;
    if (!face.firstChild) fill(face, avatar(`${chat.number.name} Empresa`));
    subtitle.textContent = chat.typing ? "digitando…" : phoneNumber(chat.number.display);
    subtitle.classList.toggle("busy", chat.typing);
  }

  function draw(chat) {
    const count = chat.customer.auto_read ? 0 : chat.customer.unread;
    const arrived = chat.messages.filter((one) => one.from === "business" && one.state === "delivered");
    if (count > 0 && !drawn.has(firstUnread)) firstUnread = arrived.slice(-count)[0]?.id ?? "";
    const nodes = [];
    let day = "";
    for (const message of chat.messages) {
      const on = new Date(message.at).toDateString();
      if (on !== day) nodes.push(rule(`day ${on}`, dayName(new Date(message.at)), "day"));
      day = on;
      if (message.id === firstUnread) nodes.push(rule("unread", "Mensagens não lidas", "unread-rule"));
      nodes.push(kept(message));
    }
    const ids = new Set(chat.messages.map((one) => one.id));
    for (const id of drawn.keys()) if (!ids.has(id)) drawn.delete(id);
    arrange(list, nodes);
    list.dataset.empty = String(chat.messages.length === 0);
  }

  const rules = new Map();
  function rule(key, text, kind) {
    if (!rules.has(key)) rules.set(key, el("li", { class: kind }, el("span")));
    const one = rules.get(key);
    one.firstChild.textContent = text;
    return one;
  }

  function kept(message) {
    const text = JSON.stringify(message),
      old = drawn.get(message.id);
    if (old?.text === text) return old.node;
    const made = bubble(message, acts);
    if (old?.node.isConnected) old.node.replaceWith(made);
    drawn.set(message.id, { text, node: made });
    return made;
  }

  function window24(chat) {
    const wrote = chat.messages.some((one) => one.from === "customer");
    banner.hidden = chat.window_open && !chat.customer.offline;
    if (banner.hidden) return;
    if (chat.customer.offline) {
      fill(banner, glyph("plane"), el("p", {}, el("strong", {}, "Celular sem conexão. "), "O que a empresa envia chega quando ele voltar."));
      return;
    }
    fill(
      banner,
      icon(wrote ? "lock" : "chat"),
      el(
        "p",
        {},
        el("strong", {}, wrote ? "Janela de 24 horas fechada. " : "Nenhuma conversa ainda. "),
        wrote
          ? "A empresa só consegue enviar modelos aprovados até você escrever de novo."
          : "A empresa só pode escrever livremente depois da sua primeira mensagem.",
      ),
    );
  }

  function marks(chat) {
    const count = chat.customer.unread;
    unread.hidden = count === 0 || chat.customer.auto_read;
    if (unread.hidden) return;
    fill(
      unread,
      el("span", {}, count === 1 ? "1 não lida" : `${count} não lidas`),
      el("button", { type: "button", onclick: acts.read }, icon("checks"), "Marcar como lidas"),
    );
  }

  function reveal(id) {
    const target = drawn.get(id)?.node;
    if (!target) return;
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.focus({ preventScroll: true });
    target.classList.add("flash");
    setTimeout(() => target.classList.remove("flash"), 1600);
  }

  return {
    node,
    show,
    reveal,
    toEnd,
    forget: () => {
      firstUnread = "";
    },
  };
}

/** rove leaves one message in the order of the tab key: the focused one, or the last. */
function rove(list, focused) {
  const all = [...list.querySelectorAll(".message")];
  const target = all.find((one) => one.dataset.id === focused) ?? all.at(-1);
  for (const one of all) one.tabIndex = one === target ? 0 : -1;
  if (focused && target && document.activeElement !== target && !target.contains(document.activeElement))
    target.focus({ preventScroll: true });
}

function walk(event, list) {
  const message = event.target.closest(".message");
  if (!message || event.target !== message) return;
  const all = [...list.querySelectorAll(".message")],
    at = all.indexOf(message);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    if (all[next]) {
      message.tabIndex = -1;
      all[next].tabIndex = 0;
      all[next].focus();
    }
  } else if (event.key === "Enter" || event.key === " " || event.key === "ContextMenu") {
    event.preventDefault();
    message.querySelector(".more")?.click();
  }
}
