// The installed app where a helpdesk shows it: beside each open ticket, and over the whole workspace from the navigation.

import { el, fill } from "./dom.js";
import { Draft } from "./helpdesk-draft.js";
import { openFrame } from "./helpdesk-frame.js";
import { drawnButton } from "./helpdesk-icons.js";
import { onScheme } from "./helpdesk-theme.js";
import { answer } from "./helpdesk-zaf.js";
import { keep, kept } from "./memory.js";
import { note } from "./widgets.js";

const sidebar = "ticket_sidebar",
  navBar = "nav_bar";

/** OpenTicket is a ticket with a tab: what the app beside it is told, whether its page is shown or not. */
class OpenTicket {
  constructor(desk, id) {
    this.desk = desk;
    this.id = id;
    this.draft = new Draft(desk.me.id, id);
    this.ticket = null;
    this.surface = null;
  }

  /** read reads the ticket; without it the app gets no answers. */
  async read() {
    this.ticket = (await this.desk.get(`/tickets/${this.id}?last=0`)).ticket;
  }
}

/**
 * openApps hosts the app for the tickets that are open. It returns `panel` and `pane`, the places of both locations, and
 * `show({ticket, app})` with what is in sight, `draft(id)`, `saw(ticket)`, `changed(id)`, `drop(id)`, `reload()`, `close()`.
 */
export function openApps(desk) {
  const open = new Map(); // number of the ticket → OpenTicket
  const stack = el("div", { class: "app-stack" });
  const pane = el("section", { class: "app-pane", "aria-label": desk.app.name });
  const fold = drawnButton("fold", "", { class: "fold", onclick: () => unfold(!kept("apps", true)) });
  const again = drawnButton("reload", "Recarregar os apps", { onclick: reload });
  const panel = el(
    "aside",
    { class: "apps", "aria-label": "Apps" },
    el("header", {}, el("h2", {}, "Apps"), el("span", { class: "soft" }, desk.app.name), again, fold),
    stack,
  );
  let pinned = null, // the surface in the navigation, once it was opened
    shown = null, // the surface in sight
    view = { ticket: 0, app: false };

  const surfaces = () => [...[...open.values()].map((one) => one.surface), pinned].filter(Boolean);

  /** surface makes the app's place: an iframe with what is said about it. */
  function surface(location, place, tab) {
    const state = el("div", { class: "app-state", role: "status" });
    const node = el("div", { class: "app-surface", hidden: true }, state);
    const one = { location, tab, node };
    one.frame = openFrame(desk, {
      location,
      title: tab ? `${desk.app.name}: ticket ${tab.id}` : desk.app.name,
      context: (guid) => context(one, guid),
      answer: async (kind, params, guid) => {
        const target = surfaces().find((other) => other.frame.guid === guid) ?? one;
        if (target.tab && !target.tab.ticket) await target.tab.read();
        return answer(standing(target), kind, params);
      },
      registered: (first) => {
        fill(state);
        if (shown === one) one.frame.tell("app.activated", { firstLoad: first });
      },
      trigger: (guid, event, message) => surfaces().find((other) => other.frame.guid === guid)?.frame.tell(event, message),
    });
    one.load = async () => {
      fill(state, el("p", { class: "soft" }, "Abrindo o app…"));
      try {
        await one.frame.load();
      } catch (error) {
        fill(
          state,
          el("p", { class: "problem", role: "alert" }, error.message),
          el("button", { type: "button", class: "retry", onclick: one.load }, "Tentar de novo"),
        );
      }
    };
    node.append(one.frame.node);
    place.append(node);
    one.frame.node.addEventListener("load", () => fill(state));
    one.load();
    return one;
  }

  function context(one, guid) {
    const out = { instanceGuid: guid, product: desk.app.product, account: { subdomain: desk.app.subdomain }, location: one.location };
    if (one.tab) out.ticketId = one.tab.id;
    return out;
  }

  /** standing is where a surface stands, for the names of the framework. */
  function standing(one) {
    return {
      desk,
      ticket: one.tab?.ticket,
      draft: one.tab?.draft,
      instances: () => Object.fromEntries(surfaces().map((other) => [other.frame.guid, context(other, other.frame.guid)])),
      acts: {
        notify: (text, kind) => note(text, kind === "error"),
        resize: ({ height }) => resize(one, height),
        routeTo,
        preloadPane: () => desk.app.locations.includes(navBar) && preload(),
        close: () => (one === pinned ? leave() : unfold(false)),
      },
    };
  }

  function preload() {
    pinned ??= surface(navBar, pane);
    return null;
  }

  function leave() {
    if (view.app) location.hash = view.ticket ? `#/ticket/${view.ticket}` : "#/";
  }

  function routeTo(target, id, path) {
    if (target === "ticket" && /^\d+$/.test(id)) location.hash = `#/ticket/${id}`;
    else if (target === "nav_bar" && desk.app.locations.includes(navBar)) {
      preload();
      location.hash = "#/app";
      if (path) pinned.frame.tell("app.route.changed", { appPath: path });
    } else throw new Error(`No route to "${target}"`);
  }

  function resize(one, height) {
    const size = Number.isFinite(Number(height)) ? `${Number(height)}px` : String(height);
    if (!one.tab || !/^\d+(\.\d+)?(px|%|vh|em|rem)$/.test(size)) return;
    one.node.classList.add("sized");
    one.frame.node.style.height = size;
  }

  function unfold(wide) {
    keep("apps", wide);
    panel.classList.toggle("folded", !wide);
    fold.setAttribute("aria-expanded", String(wide));
    const label = wide ? "Recolher os apps" : "Mostrar os apps";
    fold.setAttribute("aria-label", label);
    fold.title = label;
    settle();
  }

  /** reload opens what is loaded anew, with new tokens. */
  function reload() {
    for (const one of surfaces()) one.load();
  }

  /** settle shows the surface that is in sight and tells those that come and go. */
  function settle() {
    const tab = open.get(view.ticket);
    if (tab && !view.app && kept("apps", true)) tab.surface ??= desk.app.locations.includes(sidebar) ? surface(sidebar, stack, tab) : null;
    let next = kept("apps", true) ? (tab?.surface ?? null) : null;
    if (view.app) {
      preload();
      next = pinned;
    }
    for (const one of surfaces()) one.node.hidden = one !== next;
    if (next === shown) return;
    const before = shown;
    shown = next;
    before?.frame.tell(before === pinned ? "pane.deactivated" : "app.deactivated");
    next?.frame.tell(next === pinned ? "pane.activated" : "app.activated", { firstLoad: false });
  }

  const quiet = onScheme((now) => {
    for (const one of surfaces()) one.frame.tell("colorScheme.changed", now);
  });
  unfold(kept("apps", true));
  return {
    panel,
    pane,
    tickets: open,
    reload,
    /** show brings a ticket, or the app's pane, in sight; a ticket that was not open is opened. */
    show: (next) => {
      if (next.ticket && !open.has(next.ticket)) open.set(next.ticket, new OpenTicket(desk, next.ticket));
      view = next;
      settle();
    },
    draft: (id) => open.get(id)?.draft,
    saw: (ticket) => {
      const tab = open.get(ticket.id);
      if (tab) tab.ticket = ticket;
    },
    /** changed reads a ticket again that is open but out of sight. */
    changed: (id) => {
      const tab = open.get(id);
      if (tab && (view.app || view.ticket !== id)) desk.attempt(() => tab.read());
    },
    drop: (id) => {
      const { surface: gone } = open.get(id) ?? {};
      open.delete(id);
      gone?.frame.close();
      gone?.node.remove();
      if (gone && shown === gone) shown = null;
    },
    close: () => {
      quiet();
      for (const one of surfaces()) one.frame.close();
    },
  };
}
