// The list of tickets with its filters.

import { arrange, el, fill, icon, initials, unseen } from "./dom.js";
import { pill } from "./helpdesk-words.js";
import { keep, kept } from "./memory.js";
import { now, soon } from "./server.js";
import { fullTime, since } from "./times.js";

const pageSize = 40;
const mostShown = 100; // what the helpdesk gives at once

const filters = [
  { id: "unsolved", name: "Abertos", query: { status: "new,open,pending,hold" } },
  { id: "new", name: "Novos", query: { status: "new" } },
  { id: "mine", name: "Meus", query: { status: "new,open,pending,hold", assignee_id: "me" } },
  { id: "nobody", name: "Sem responsável", query: { status: "new,open,pending,hold", assignee_id: "none" } },
  { id: "pending", name: "Pendentes", query: { status: "pending,hold" } },
  { id: "solved", name: "Resolvidos", query: { status: "solved,closed" } },
  { id: "all", name: "Todos", query: {} },
];

/** openList builds the list. It returns its node, `refresh()`, `select(id)` and `opened(ticket)`. */
export function openList(desk) {
  const search = el("input", {
    type: "search",
    placeholder: "Buscar assunto, nome, telefone, CNPJ…",
    "aria-label": "Buscar tickets",
    autocomplete: "off",
  });
  const chips = filters.map((one) => el("button", { type: "button", class: "filter", onclick: () => choose(one.id) }, one.name));
  const views = el(
    "select",
    { "aria-label": "Visões da conta", onchange: () => views.value && choose(`view:${views.value}`) },
    el("option", { value: "" }, "Visões…"),
  );
  const count = el("p", { class: "count", role: "status" });
  const rows = el("ul", { class: "rows" });
  const more = el(
    "button",
    {
      type: "button",
      class: "more-rows",
      hidden: true,
      onclick: () => {
        shown += pageSize;
        refresh();
      },
    },
    "Mostrar mais",
  );
  const node = el(
    "section",
    { class: "list", "aria-label": "Tickets" },
    el(
      "div",
      { class: "list-head" },
      el("label", { class: "search" }, icon("search"), search),
      el("div", { class: "filters", role: "group", "aria-label": "Filtros" }, chips),
      el("div", { class: "list-foot" }, count, views),
    ),
    el("div", { class: "rows-frame" }, rows, more),
  );

  const start = kept("seen.since", "") || now().toISOString();
  keep("seen.since", start);
  const seen = kept("seen.tickets", {});
  const drawn = new Map();
  let chosen = kept("filter", "unsolved"),
    shown = pageSize,
    selected = 0;

  function choose(id) {
    chosen = id;
    shown = pageSize;
    keep("filter", id);
    press();
    refresh();
  }

  function press() {
    chips.forEach((chip, at) => chip.setAttribute("aria-pressed", String(filters[at].id === chosen)));
    views.value = chosen.startsWith("view:") ? chosen.slice(5) : "";
    views.classList.toggle("on", views.value !== "");
  }

  function query() {
    const own = filters.find((one) => one.id === chosen)?.query ?? { view_id: chosen.slice(5) };
    const out = new URLSearchParams(own);
    if (search.value.trim()) out.set("q", search.value.trim());
    out.set("per_page", String(Math.min(shown, mostShown)));
    return out;
  }

  async function read() {
    const answer = await desk.get(`/tickets?${query()}`);
    const nodes = answer.tickets.map(row);
    const focused = document.activeElement?.closest(".row")?.dataset.id;
    arrange(rows, nodes);
    if (focused && !rows.contains(document.activeElement)) rows.querySelector(`.row[data-id="${CSS.escape(focused)}"]`)?.focus();
    const ids = new Set(answer.tickets.map((one) => one.id));
    for (const id of drawn.keys()) if (!ids.has(id)) drawn.delete(id);
    count.textContent = answer.count === 1 ? "1 ticket" : `${answer.count} tickets`;
    more.hidden = !answer.next_page || shown >= mostShown;
    rows.dataset.empty = String(answer.count === 0);
  }

  function row(ticket) {
    const fresh = ticket.id !== selected && ticket.updated_at > (seen[ticket.id] ?? start);
    const text = JSON.stringify([
      ticket.subject,
      ticket.status,
      ticket.updated_at,
      ticket.requester?.name,
      ticket.organization?.name,
      ticket.assignee?.name,
      fresh,
    ]);
    const old = drawn.get(ticket.id);
    if (old?.text === text) return old.node;
    const changed = new Date(ticket.updated_at);
    const link = el(
      "a",
      {
        class: `row${fresh ? " fresh" : ""}`,
        href: `#/ticket/${ticket.id}`,
        dataset: { id: String(ticket.id) },
        "aria-current": ticket.id === selected ? "true" : null,
      },
      el(
        "span",
        { class: "row-top" },
        pill(ticket.status),
        el("span", { class: "number" }, `#${ticket.id}`),
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
    const made = el("li", {}, link);
    drawn.set(ticket.id, { text, node: made });
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
    refresh();
  }

  const refresh = soon(() => desk.attempt(read));
  search.addEventListener("input", soon(refresh, 150));
  for (const view of desk.views) views.append(el("option", { value: String(view.id) }, view.title));
  fill(count, "Carregando…");
  press();
  refresh();
  return { node, refresh, select, opened, age };
}
