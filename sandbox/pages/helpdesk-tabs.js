// Open tickets as tabs, and the navigation at the page's edge: only where an app is installed.

import { arrange, el, fill, icon, iconButton } from "./dom.js";
import { drawing } from "./helpdesk-icons.js";
import { statuses } from "./helpdesk-words.js";

/** openRail builds the navigation; reload opens the app anew. `mark(app)` says which of its entries is in sight. */
export function openRail(app, reload) {
  const entry = (href, picture, name, title) => el("li", {}, el("a", { href, title }, picture, el("span", {}, name)));
  const tickets = entry("#/", drawing("tickets"), "Tickets", "Lista de tickets");
  const pane = app.locations.includes("nav_bar") && entry("#/app", icon("chat"), app.name.split(" ")[0], app.name);
  const again = el(
    "button",
    { type: "button", title: "Abre o app de novo, com uma nova sessão", onclick: reload },
    drawing("reload"),
    el("span", {}, "Recarregar"),
  );
  const node = el("nav", { class: "rail", "aria-label": "Navegação" }, el("ul", {}, tickets, pane), again);
  const current = (item, on) => item && (on ? item.firstChild.setAttribute("aria-current", "page") : item.firstChild.removeAttribute("aria-current"));
  return {
    node,
    mark: (inApp) => {
      current(tickets, !inApp);
      current(pane, inApp);
      again.hidden = !inApp;
    },
  };
}

/** openTabs builds the tabs. shut(id) is called when one was closed. It returns its node and `draw(tickets, current)`. */
export function openTabs(shut) {
  const list = el("ul", {});
  const node = el("nav", { class: "tabs", "aria-label": "Tickets abertos", hidden: true }, list);
  const tabs = new Map(); // number of the ticket → its tab

  function make(id) {
    const label = el("span", { class: "tab-label" });
    const dot = el("span", { class: "tab-status" });
    const link = el("a", { href: `#/ticket/${id}` }, dot, el("span", { class: "number" }, `#${id}`), label);
    const close = iconButton("close", `Fechar a aba do ticket ${id}`, { class: "tab-close", onclick: () => shut(id) });
    return { item: el("li", {}, link, close), link, label, dot };
  }

  /** draw shows the tabs of tickets, a map from their numbers to {ticket}. */
  function draw(tickets, current) {
    for (const id of tabs.keys()) if (!tickets.has(id)) tabs.delete(id);
    for (const [id, { ticket }] of tickets) {
      if (!tabs.has(id)) tabs.set(id, make(id));
      const tab = tabs.get(id);
      if (id === current) tab.link.setAttribute("aria-current", "page");
      else tab.link.removeAttribute("aria-current");
      if (!ticket) continue;
      fill(tab.label, ticket.requester?.name ?? ticket.subject);
      tab.dot.className = `tab-status status-${ticket.status}`;
      tab.dot.title = statuses[ticket.status] ?? ticket.status;
      tab.link.title = `#${id} ${ticket.subject}`;
    }
    arrange(
      list,
      [...tabs.values()].map((one) => one.item),
    );
    node.hidden = tabs.size === 0;
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  return { node, draw };
}
