// The list of tickets with its filters. Only the rows in sight are drawn, and only their pages are read.

import { el, fill, icon, initials, unseen } from "./dom.js";
import { pill, priorities } from "./helpdesk-words.js";
import { keep, kept } from "./memory.js";
import { now, soon } from "./server.js";
import { fullTime, since } from "./times.js";

const pageSize = 50; // tickets that are read at once
const spare = 6; // rows drawn above and below those in sight
const reachable = 10000; // what the helpdesk pages through

const open = "new,open,pending,hold";
const filters = [
  { id: "unsolved", name: "Abertos", query: { status: open } },
  { id: "new", name: "Novos", query: { status: "new" } },
  { id: "mine", name: "Meus", query: { status: open, assignee_id: "me" } },
  { id: "nobody", name: "Livres", title: "Sem responsável", query: { status: open, assignee_id: "none" } },
  { id: "pending", name: "Pendentes", query: { status: "pending,hold" } },
  { id: "solved", name: "Resolvidos", query: { status: "solved,closed" } },
  { id: "all", name: "Todos", query: {} },
];

/** openList builds the list. It returns its node, `refresh()`, `select(id)`, `opened(ticket)`, `age()`, `search()`, `step(by)`. */
export function openList(desk) {
  const search = el("input", {
    type: "search",
    placeholder: "Buscar nome, assunto, telefone, CNPJ",
    "aria-label": "Buscar tickets",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
  });
  const chips = filters.map((one) => el("button", { type: "button", class: "filter", title: one.title, onclick: () => choose(one.id) }, one.name));
  const views = el(
    "select",
    { "aria-label": "Visões da conta", onchange: () => views.value && choose(`view:${views.value}`) },
    el("option", { value: "" }, "Visões…"),
  );
  const groups = el(
    "select",
    {
      "aria-label": "Grupo",
      onchange: () => {
        keep("group", groups.value);
        press();
        anew();
      },
    },
    el("option", { value: "" }, "Todos os grupos"),
  );
  const count = el("p", { class: "count", role: "status" });
  const rows = el("ul", { class: "rows" });
  const frame = el("div", { class: "rows-frame", tabindex: "-1" }, rows);
  const node = el(
    "section",
    { class: "list", "aria-label": "Tickets" },
    el(
      "div",
      { class: "list-head" },
      el("label", { class: "search" }, icon("search"), search),
      el("div", { class: "filters", role: "group", "aria-label": "Filtros" }, chips),
      el("div", { class: "list-foot" }, groups, views),
      count,
    ),
    frame,
  );

  const start = kept("seen.since", "") || now().toISOString();
  keep("seen.since", start);
  const seen = kept("seen.tickets", {});
  const pages = new Map(); // page → its tickets
  const drawn = new Map(); // place in the list → {text, node}
  const stale = new Set(); // pages to be read again
  let chosen = kept("filter", "unsolved"),
    total = 0,
    selected = 0,
    awaited = -1, // the place that gets the focus once it is drawn
    asking = 0; // grows with every new question; answers to older ones are dropped

  function choose(id) {
    chosen = id;
    keep("filter", id);
    press();
    anew();
  }

  /** anew asks a new question: the list begins at its top. */
  function anew() {
    asking++;
    awaited = -1;
    pages.clear();
    frame.scrollTop = 0;
    refresh();
  }

  function press() {
    chips.forEach((chip, at) => chip.setAttribute("aria-pressed", String(filters[at].id === chosen)));
    views.value = chosen.startsWith("view:") ? chosen.slice(5) : "";
    views.classList.toggle("on", views.value !== "");
    groups.classList.toggle("on", groups.value !== "");
  }

  function query(page) {
    const own = filters.find((one) => one.id === chosen)?.query ?? { view_id: chosen.slice(5) };
    const out = new URLSearchParams(own);
    if (groups.value) out.set("group_id", groups.value);
    if (search.value.trim()) out.set("q", search.value.trim());
    out.set("per_page", String(pageSize));
    out.set("page", String(page));
    return out;
  }

  const rowHeight = () => Number.parseFloat(getComputedStyle(frame).getPropertyValue("--row")) || 80;

  /** inSight are the places of the first row to draw and of the one after the last. */
  function inSight() {
    const height = rowHeight();
    const first = Math.max(0, Math.floor(frame.scrollTop / height) - spare);
    return [first, Math.min(total, Math.ceil((frame.scrollTop + frame.clientHeight) / height) + spare)];
  }

  /** read reads the pages in sight that are missing or stale. */
  async function read() {
    const question = asking;
    const [first, end] = inSight();
    const wanted = new Set([1]);
    for (let at = first; at < end; at += 1) wanted.add(Math.floor(at / pageSize) + 1);
    for (const page of wanted) {
      if (pages.has(page) && !stale.has(page)) continue;
      const answer = await desk.get(`/tickets?${query(page)}`);
      if (question !== asking) return;
      pages.set(page, answer.tickets);
      stale.delete(page);
      total = Math.min(answer.count, reachable);
      count.textContent = answer.count === 1 ? "1 ticket" : `${answer.count.toLocaleString("pt-BR")} tickets`;
    }
    draw();
    if (inSight()[1] > end) await read();
  }

  function draw() {
    const height = rowHeight();
    rows.style.height = `${total * height}px`;
    rows.dataset.empty = String(total === 0);
    const [first, end] = inSight();
    const focused = document.activeElement?.closest(".row")?.dataset.id;
    const wanted = new Set();
    for (let at = first; at < end; at++) {
      const ticket = pages.get(Math.floor(at / pageSize) + 1)?.[at % pageSize];
      if (!ticket) continue;
      const one = row(at, ticket);
      one.style.top = `${at * height}px`;
      wanted.add(one);
      if (one.parentNode !== rows) rows.append(one);
    }
    for (const child of [...rows.children]) if (!wanted.has(child)) child.remove();
    for (const [at, one] of drawn) if (!wanted.has(one.node)) drawn.delete(at);
    const wished = awaited >= 0 && rows.querySelector(`.row[data-at="${awaited}"]`);
    if (wished) {
      awaited = -1;
      wished.focus({ preventScroll: true });
    } else if (focused && !rows.contains(document.activeElement)) {
      rows.querySelector(`.row[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  function row(at, ticket) {
    const fresh = ticket.id !== selected && ticket.updated_at > (seen[ticket.id] ?? start);
    const text = JSON.stringify([ticket.id, ticket, fresh]);
    const old = drawn.get(at);
    if (old?.text === text) return old.node;
    const changed = new Date(ticket.updated_at);
    const link = el(
      "a",
      {
        class: `row${fresh ? " fresh" : ""}`,
        href: `#/ticket/${ticket.id}`,
        dataset: { id: String(ticket.id), at: String(at) },
        "aria-current": ticket.id === selected ? "true" : null,
      },
      el(
        "span",
        { class: "row-top" },
        pill(ticket.status),
        el("span", { class: "number" }, `#${ticket.id}`),
        ["high", "urgent"].includes(ticket.priority) && el("span", { class: "hurry" }, priorities[ticket.priority]),
        ticket.tags.includes("whatsapp") && el("span", { class: "by-whatsapp", title: "Pelo WhatsApp" }, icon("chat"), unseen("Pelo WhatsApp")),
        fresh && el("span", { class: "dot", title: "Atualizado" }, unseen("Atualizado")),
        el("time", { datetime: ticket.updated_at, title: fullTime(changed) }, since(changed)),
      ),
      el("strong", {}, ticket.subject || "(sem assunto)"),
      el(
        "span",
        { class: "row-bottom" },
        el("span", { class: "from" }, [ticket.requester?.name, ticket.organization?.name].filter(Boolean).join(" · ")),
        ticket.assignee
          ? el(
              "span",
              { class: "owner", title: `Responsável: ${ticket.assignee.name}` },
              unseen(`Responsável: ${ticket.assignee.name}`),
              el("span", { "aria-hidden": "true" }, initials(ticket.assignee.name)),
            )
          : el("span", { class: "owner none" }, "sem resp."),
      ),
    );
    const made = el("li", { "aria-posinset": String(at + 1), "aria-setsize": String(total) }, link);
    drawn.set(at, { text, node: made });
    return made;
  }

  function age() {
    for (const time of rows.querySelectorAll("time")) time.textContent = since(new Date(time.dateTime));
  }

  function select(id) {
    selected = id;
    for (const link of rows.querySelectorAll(".row")) {
      if (link.dataset.id === String(id)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  function opened(ticket) {
    if (seen[ticket.id] === ticket.updated_at) return;
    seen[ticket.id] = ticket.updated_at;
    keep("seen.tickets", seen);
    draw();
  }

  /** go moves the focus to a place of the list, scrolling there first. */
  function go(at) {
    const place = Math.max(0, Math.min(total - 1, at)),
      height = rowHeight();
    if (place * height < frame.scrollTop) frame.scrollTop = place * height;
    else if ((place + 1) * height > frame.scrollTop + frame.clientHeight) frame.scrollTop = (place + 1) * height - frame.clientHeight;
    const link = rows.querySelector(`.row[data-at="${place}"]`);
    awaited = place;
    if (!link) frame.focus({ preventScroll: true }); // until the row is there
    draw();
    return rows.querySelector(`.row[data-at="${place}"]`) ?? link;
  }

  /** step opens the ticket before or after the open one. */
  function step(by) {
    const current = rows.querySelector(`.row[data-id="${selected}"]`);
    go(current ? Number(current.dataset.at) + by : 0)?.click();
  }

  frame.addEventListener("keydown", (event) => {
    const at = awaited >= 0 ? awaited : Number(event.target.closest(".row")?.dataset.at ?? -1);
    const screen = Math.max(1, Math.floor(frame.clientHeight / rowHeight()) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + screen, PageUp: at - screen, Home: 0, End: total - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    go(to);
  });

  const load = soon(() => desk.attempt(read), 60);
  const refresh = () => {
    for (const page of pages.keys()) stale.add(page);
    load();
  };
  frame.addEventListener(
    "scroll",
    () => {
      draw();
      load();
    },
    { passive: true },
  );
  new ResizeObserver(load).observe(frame);
  search.addEventListener("input", soon(anew, 150));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || total === 0) return;
    event.preventDefault();
    go(0);
  });
  for (const view of desk.views) views.append(el("option", { value: String(view.id) }, view.title));
  for (const group of desk.groups) groups.append(el("option", { value: String(group.id) }, group.name));
  groups.value = desk.groups.some((one) => String(one.id) === kept("group", "")) ? kept("group", "") : "";
  fill(count, "Carregando…");
  press();
  refresh();
  return { node, refresh, select, opened, age, step, search: () => search.focus() };
}
