// A ticket's conversation: comments, the latest first in sight, older ones on demand.

import { arrange, avatar, el, fill, icon, iconButton } from "./dom.js";
import { attachments } from "./helpdesk-files.js";
import { safe } from "./helpdesk-html.js";
import { channelName, roleName } from "./helpdesk-words.js";
import { fullTime } from "./times.js";
import { field, openDialog, openMenu } from "./widgets.js";

const near = 90; // pixels from the end that still count as reading the newest comment
const atOnce = 60; // comments that are read at first, and more at every "older"

/** openComments builds the conversation. It returns `node`, `last` (how many to ask for), `show(answer)`, `toEnd()`. */
export function openComments(desk, id, { again, changed }) {
  const list = el("ol", { class: "comments" });
  const older = el("button", { type: "button", class: "older", hidden: true, onclick: more });
  const log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": "Comentários" }, older, list);
  const jump = el("button", { type: "button", class: "jump", hidden: true, onclick: () => toEnd() });
  const node = el("div", { class: "log-frame" }, log, jump);
  const drawn = new Map();
  let last = atOnce,
    stick = true,
    below = 0,
    closed = false,
    first = true;

  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < near;

  function toEnd() {
    stick = true;
    log.scrollTop = log.scrollHeight;
  }

  /** more asks for older comments and keeps what is being read where it is. */
  async function more() {
    const fromEnd = log.scrollHeight - log.scrollTop;
    last += atOnce;
    await again();
    log.scrollTop = log.scrollHeight - fromEnd;
  }

  function show(answer) {
    closed = answer.ticket.status === "closed";
    stick = first || atEnd();
    const before = drawn.size,
      items = answer.comments;
    for (const one of drawn.keys()) if (!items.some((item) => item.id === one)) drawn.delete(one);
    arrange(list, items.map(comment));
    const hidden = answer.comment_count - items.length;
    older.hidden = hidden <= 0;
    older.textContent = hidden === 1 ? "Mostrar o comentário anterior" : `Mostrar comentários anteriores (${hidden})`;
    if (stick) log.scrollTop = log.scrollHeight;
    else if (!first) below += Math.max(0, drawn.size - before);
    first = false;
    settle();
  }

  function comment(item) {
    const text = JSON.stringify([item, closed]),
      old = drawn.get(item.id);
    if (old?.text === text) return old.node;
    const author = item.author ?? { name: "Sistema", role: "" },
      at = new Date(item.created_at),
      staff = author.role !== "end-user";
    const menu = iconButton("more", "Ações do comentário", {
      class: "comment-menu",
      "aria-haspopup": "menu",
      onclick: () => openMenu(menu, "Ações do comentário", actions(item)),
    });
    const made = el(
      "li",
      { class: `comment ${item.public ? "public" : "internal"} ${staff ? "staff" : "customer"}` },
      avatar(author.name),
      el(
        "article",
        {},
        el(
          "header",
          {},
          el("strong", {}, author.name),
          el("span", { class: "soft" }, roleName(author.role)),
          el("span", { class: "visibility" }, item.public ? "Público" : [icon("lock"), "Nota interna"]),
          el(
            "span",
            { class: "soft when" },
            `por ${channelName(item.channel)} · `,
            el("time", { datetime: item.created_at, title: fullTime(at) }, fullTime(at)),
          ),
          !closed && menu,
        ),
        item.html_body && el("div", { class: "comment-body", dir: "auto" }, safe(item.html_body)),
        attachments(item.attachments ?? []),
      ),
    );
    drawn.set(item.id, { text, node: made });
    return made;
  }

  function actions(item) {
    const path = `/tickets/${id}/comments/${item.id}`;
    return [
      {
        label: "Tornar nota interna",
        icon: "lock",
        disabled: !item.public,
        act: () => desk.attempt(async () => changed(await desk.put(`${path}/make_private`))),
      },
      { label: "Ocultar um trecho…", icon: "close", act: () => redact(path) },
    ];
  }

  function redact(path) {
    openDialog({
      title: "Ocultar um trecho",
      button: "Ocultar para sempre",
      body: field(
        "Trecho",
        el("input", { name: "text", required: true, autocomplete: "off" }),
        "Cada letra vira ▇ em todos os lugares do comentário. Isto não pode ser desfeito.",
      ),
      send: async (fields) => changed(await desk.put(`${path}/redact`, { text: fields.text })),
    });
  }

  function settle() {
    if (atEnd()) below = 0;
    jump.hidden = below === 0;
    fill(jump, icon("down"), below === 1 ? "1 comentário novo" : `${below} comentários novos`);
  }

  const follow = () => stick && (log.scrollTop = log.scrollHeight);
  let shape = "";
  log.addEventListener(
    "scroll",
    () => {
      const now = `${log.scrollHeight}/${log.clientHeight}`;
      if (now === shape) stick = atEnd();
      else follow(); // the page moved, not the reader
      shape = now;
      settle();
    },
    { passive: true },
  );
  new ResizeObserver(follow).observe(log);
  for (const event of ["load", "loadedmetadata"]) log.addEventListener(event, follow, true);

  return {
    node,
    show,
    toEnd,
    get last() {
      return last;
    },
  };
}
