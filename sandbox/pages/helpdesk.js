// The helpdesk page: who sits here, the list, and the open ticket.

import { avatar, el, fill, icon } from "./dom.js";
import { openApps } from "./helpdesk-apps.js";
import { choosePerson } from "./helpdesk-choose.js";
import { drawnButton } from "./helpdesk-icons.js";
import { onKeys, showKeys } from "./helpdesk-keys.js";
import { openList } from "./helpdesk-list.js";
import { openRail, openTabs } from "./helpdesk-tabs.js";
import { nextTheme, useTheme } from "./helpdesk-theme.js";
import { openTicket } from "./helpdesk-ticket.js";
import { roleName } from "./helpdesk-words.js";
import { keep, kept } from "./memory.js";
import { call, follow, onAnnounce, readClock, soon } from "./server.js";
import { field, note } from "./widgets.js";

const api = "/sandbox/helpdesk/api";
const place = document.querySelector("#desk"),
  session = document.querySelector("#session"),
  live = document.querySelector("#live");

let leave = () => {}; // ends the present workspace
let refreshAll = () => {}; // reads everything of it again

/** signIn lists the agents and opens the desk as the chosen one. */
async function signIn() {
  leave();
  keep("agent", null);
  fill(session);
  fill(live);
  const { agents } = await call("GET", `${api}/agents`);
  fill(
    place,
    el(
      "section",
      { class: "sign-in", "aria-labelledby": "sign-in-title" },
      el("h2", { id: "sign-in-title", tabindex: "-1" }, "Quem está atendendo?"),
      el("p", { class: "soft" }, "Escolha um agente. É uma simulação: não há senha."),
      el(
        "ul",
        {},
        agents.map((agent) =>
          el(
            "li",
            {},
            el(
              "button",
              { type: "button", onclick: () => enter(agent.id).catch(failed) },
              avatar(agent.name),
              el(
                "span",
                {},
                el("strong", {}, agent.name),
                el("span", { class: "soft" }, `${agent.light ? "agente light" : roleName(agent.role)} · ${agent.groups.map((one) => one.name).join(", ") || "sem grupo"}`),
              ),
            ),
          ),
        ),
      ),
    ),
  );
  place.querySelector("h2").focus(); // nobody is chosen beforehand
}

/** Desk is what list and tickets need: the agent, the account's data, and calls in the agent's name. */
class Desk {
  constructor(me) {
    this.me = me;
  }

  #call(method, path, body) {
    return call(method, api + path, { body, headers: { "X-Desk-Agent": String(this.me.id) } });
  }

  get = (path) => this.#call("GET", path);
  put = (path, body) => this.#call("PUT", path, body);
  post = (path, body) => this.#call("POST", path, body);

  upload(file) {
    return call("POST", `${api}/uploads?filename=${encodeURIComponent(file.name)}`, {
      body: file,
      headers: { "X-Desk-Agent": String(this.me.id) },
    });
  }

  async load() {
    const paths = ["/agents", "/groups", "/macros", "/fields", "/views", "/app"];
    const [agents, groups, macros, fields, views, app] = await Promise.all(paths.map(this.get));
    Object.assign(this, {
      agents: agents.agents,
      groups: groups.groups.filter((one) => !one.deleted),
      macros: macros.macros,
      fields: fields.fields,
      views: views.views.filter((one) => one.active),
      app: app.app,
    });
  }

  /** attempt runs act, shows what went wrong, and asks for an agent again when this one is unknown. */
  attempt = async (act) => {
    try {
      return await act();
    } catch (error) {
      if (error.status === 401) signIn().catch(failed);
      else note(error.message, true);
      return undefined;
    }
  };
}

async function enter(agent) {
  const signed = await call("POST", `${api}/session`, { body: { agent_id: agent } });
  const desk = new Desk(signed.agent);
  await desk.load();
  keep("agent", desk.me.id);
  work(desk);
}

/** where reads the page's address: an open ticket, the app's own pane, or the list. */
function where(desk, before) {
  const ticket = Number(/^#\/ticket\/(\d+)$/.exec(location.hash)?.[1] ?? 0);
  if (location.hash === "#/app" && desk.app?.locations.includes("nav_bar")) return { ticket: before, app: true };
  return { ticket, app: false };
}

/** nothing stands where no ticket is open. */
function nothing(desk) {
  const pane = desk.app?.locations.includes("nav_bar");
  return el(
    "section",
    { class: "ticket nothing", "aria-label": "Ticket" },
    el(
      "p",
      {},
      icon("chat"),
      pane && el("a", { class: "open-app", href: "#/app" }, `Abrir ${desk.app.name}`),
      pane ? "ou escolha um ticket na lista: o app abre ao lado dele." : "Escolha um ticket na lista.",
      el("span", { class: "soft" }, "Tecle ? para ver os atalhos."),
    ),
  );
}

function work(desk) {
  leave();
  let ticket = null,
    view = { ticket: 0, app: false };
  const list = openList(desk);
  const apps = desk.app && openApps(desk),
    rail = apps && openRail(desk.app, apps.reload),
    tabs = apps && openTabs(shut);
  const empty = nothing(desk);
  const side = el("div", { class: "side" }, empty);
  desk.changed = list.refresh;
  fill(
    place,
    el("div", { class: apps ? "workspace hosting" : "workspace" }, rail?.node, list.node, tabs?.node, side, apps?.panel, apps?.pane),
  );
  fill(
    session,
    el("button", { type: "button", class: "top-button", onclick: () => newTicket(desk) }, icon("plus"), "Novo ticket"),
    drawnButton("keyboard", "Atalhos do teclado (?)", { class: "top-icon", onclick: showKeys }),
    themeButton(),
    el("span", { class: "me" }, avatar(desk.me.name), el("span", {}, desk.me.name)),
    el("button", { type: "button", class: "top-button", onclick: () => signIn().catch(failed) }, "Trocar"),
  );

  const opened = (one) => {
    list.opened(one);
    apps?.saw(one);
    tabs?.draw(apps.tickets, view.app ? 0 : view.ticket);
  };
  const route = () => {
    view = where(desk, view.ticket);
    const id = view.ticket;
    place.classList.toggle("reading", id !== 0);
    place.classList.toggle("in-app", view.app);
    list.select(id);
    apps?.show(view);
    rail?.mark(view.app);
    tabs?.draw(apps.tickets, view.app ? 0 : id);
    document.title = view.app ? `${desk.app.name} – Balcão` : id ? `#${id} – Balcão` : "Balcão – helpdesk simulado";
    if (id === (ticket?.id ?? 0)) return;
    ticket?.close();
    ticket = id ? openTicket(desk, id, { opened, draft: apps?.draft(id) }) : null;
    fill(side, ticket?.node ?? empty);
  };

  /** shut closes a ticket's tab; when it was in sight, the one beside it takes its place. */
  function shut(id) {
    const numbers = [...apps.tickets.keys()],
      at = numbers.indexOf(id);
    const next = numbers[at - 1] ?? numbers[at + 1];
    apps.drop(id);
    if (view.ticket === id) location.hash = next ? `#/ticket/${next}` : "#/";
    else tabs.draw(apps.tickets, view.ticket);
  }

  const refresh = () => {
    list.refresh();
    ticket?.refresh();
  };
  const stop = follow(() => `${api}/stream?agent=${desk.me.id}`, {
    events: ["change", "reset"],
    opened: refresh,
    heard: (kind, event) => {
      list.refresh();
      if (kind === "reset" || event.ticket_id === ticket?.id) ticket?.refresh();
      if (kind === "change") apps?.changed(event.ticket_id);
    },
    state: (on) => {
      live.className = on ? "on" : "off";
      live.textContent = on ? "ao vivo" : "sem conexão, tentando…";
      if (!on) check();
    },
  });
  const check = soon(
    () =>
      desk.get("/me").catch((error) => {
        if (error.status === 401) signIn().catch(failed);
      }),
    500,
  );
  const aging = setInterval(() => {
    list.age();
    ticket?.age();
  }, 30000);
  const quiet = onKeys({
    "/": () => list.search(),
    j: () => list.step(1),
    k: () => list.step(-1),
    r: () => ticket?.write(true),
    n: () => ticket?.write(false),
    a: () => ticket?.takeIt(),
    c: () => newTicket(desk),
    t: () => changeTheme(),
    "?": showKeys,
  });
  window.addEventListener("hashchange", route);
  refreshAll = refresh;
  leave = () => {
    stop();
    quiet();
    ticket?.close();
    apps?.close();
    place.classList.remove("reading", "in-app");
    clearInterval(aging);
    window.removeEventListener("hashchange", route);
    refreshAll = () => {};
    leave = () => {};
  };
  route();
}

function changeTheme() {
  note(`Tema: ${nextTheme()}.`);
}

function themeButton() {
  return drawnButton("theme", "Trocar o tema: claro, escuro, do sistema (t)", { class: "top-icon", onclick: changeTheme });
}

/** newTicket opens a ticket for somebody the account knows. */
function newTicket(desk) {
  choosePerson(desk, {
    title: "Novo ticket",
    button: "Abrir ticket",
    more: [
      field("Assunto", el("input", { name: "subject", required: true, autocomplete: "off" })),
      field("Descrição", el("textarea", { name: "body", rows: "4", required: true })),
    ],
    chosen: async (person, fields) => {
      const made = await desk.post("/tickets", {
        subject: fields.subject,
        requester_id: person,
        comment: { body: fields.body, public: true },
      });
      location.hash = `#/ticket/${made.ticket.id}`;
      desk.changed();
    },
  });
}

function failed(error) {
  fill(
    place,
    el(
      "div",
      { class: "sign-in" },
      el("p", { class: "problem", role: "alert" }, error.message),
      el("button", { type: "button", class: "retry", onclick: start }, "Tentar de novo"),
    ),
  );
}

async function start() {
  await readClock().catch(() => {});
  const agent = kept("agent", null);
  try {
    if (agent) await enter(agent);
    else await signIn();
  } catch (error) {
    if (agent && error.status) await signIn().catch(failed);
    else failed(error);
  }
}

useTheme();
onAnnounce(() => refreshAll());
start();
