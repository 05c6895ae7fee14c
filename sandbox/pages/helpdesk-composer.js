// Where an agent answers: public reply or internal note, macros, files, and sending with a status.

import { el, fill, icon, iconButton } from "./dom.js";
import { openEditor } from "./helpdesk-editor.js";
import { openUploads } from "./helpdesk-uploads.js";
import { statuses } from "./helpdesk-words.js";
import { openDialog, openMenu } from "./widgets.js";

const modes = [
  { id: "public", name: "Resposta pública", value: true, placeholder: "Escreva ao cliente…" },
  { id: "internal", name: "Nota interna", value: false, placeholder: "Anote para a equipe; o cliente não vê…" },
];

const sendable = ["open", "pending", "hold", "solved"];

/**
 * openComposer builds the composer of a ticket. send(status) sends the draft and answers whether it worked; apply(macro)
 * applies one; asCustomer opens the customer's answer by e-mail. It returns its node, `show(ticket)`, `write(public)`.
 */
export function openComposer(desk, draft, { send, apply, asCustomer }) {
  let ticket = null,
    busy = false;
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const complain = (text) => {
    problem.textContent = text;
    problem.hidden = false;
  };
  const uploads = openUploads({
    send: (file) => desk.upload(file),
    list: () => draft.uploads,
    set: (list) => draft.set({ uploads: list }),
    problem: complain,
  });
  const editor = openEditor({ changed: (now) => draft.set(now), files: uploads.take, send: () => go(target()) });
  const tabs = modes.map((mode) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${mode.id}`,
        "aria-controls": "answer-panel",
        disabled: mode.value && desk.me.light,
        title: mode.value && desk.me.light ? "Agentes light só escrevem notas internas" : null,
        onclick: () => write(mode.value),
      },
      mode.value ? null : icon("lock"),
      mode.name,
    ),
  );
  const mail = el("button", { type: "button", class: "as-customer", onclick: asCustomer }, icon("mail"), "Responder como cliente (e-mail)");
  const pending = el("span", { class: "pending", role: "status" });
  const discard = el(
    "button",
    {
      type: "button",
      class: "link",
      onclick: () => {
        draft.clear();
        problem.hidden = true;
      },
    },
    "Descartar",
  );
  const submit = el("button", { type: "button", class: "submit", title: "Ctrl+Enter", onclick: () => go(target()) });
  const other = iconButton("down", "Enviar com outro status", {
    class: "submit-other",
    "aria-haspopup": "menu",
    onclick: () => openMenu(other, "Enviar como", options()),
  });
  const macros = el("button", { type: "button", class: "tool", "aria-haspopup": "dialog", onclick: chooseMacro }, icon("list"), "Macros");
  const clip = el("button", { type: "button", class: "tool", onclick: uploads.pick }, icon("attach"), "Anexar");
  const closed = el("p", { class: "closed-note", hidden: true }, icon("lock"), "Ticket fechado: não aceita mais alterações.");
  const panel = el(
    "div",
    { class: "answer-panel", role: "tabpanel", id: "answer-panel" },
    el("div", { class: "answer-frame" }, editor.node, uploads.node),
    problem,
    el("div", { class: "answer-bar" }, editor.tools, clip, macros, pending, discard, el("div", { class: "split" }, submit, other)),
  );
  const work = el(
    "div",
    {},
    el("div", { class: "modes" }, el("div", { class: "mode-tabs", role: "tablist", "aria-label": "Tipo de comentário" }, tabs), mail),
    panel,
  );
  const node = el("section", { class: "answer", "aria-label": "Responder" }, work, closed, uploads.picker);
  uploads.catcher(node);

  /** target is the status that sending gives: the chosen one, or the ticket's; answering makes a new ticket open. */
  function target() {
    return draft.status || (ticket.status === "new" ? "open" : ticket.status);
  }

  function options() {
    return sendable.map((status) => ({ label: statuses[status], checked: status === target(), act: () => go(status) }));
  }

  /** write turns to a public reply or an internal note and puts the cursor there. */
  function write(open) {
    draft.set({ public: open && !desk.me.light });
    editor.focus();
  }

  async function go(status) {
    if (busy) return;
    if (uploads.busy) {
      complain("Espere os arquivos terminarem de subir.");
      return;
    }
    busy = true;
    problem.hidden = true;
    refresh();
    try {
      await send(status);
    } catch (error) {
      complain(error.message);
    } finally {
      busy = false;
      refresh();
    }
  }

  function chooseMacro() {
    const filter = el("input", { type: "search", "aria-label": "Filtrar macros", placeholder: "Filtrar…", autocomplete: "off" });
    const list = el("ul", { class: "macro-list" });
    const choose = (macro) => {
      dialog.close();
      apply(macro).catch((error) => complain(error.message));
    };
    const draw = () => {
      const words = filter.value.toLowerCase();
      const found = desk.macros.filter((one) => one.active && one.title.toLowerCase().includes(words));
      fill(
        list,
        found.map((macro) => el("li", {}, el("button", { type: "button", onclick: () => choose(macro) }, macro.title))),
        found.length === 0 && el("li", { class: "soft" }, "Nenhuma macro com essas palavras."),
      );
    };
    filter.addEventListener("input", draw);
    draw();
    const dialog = openDialog({ title: "Aplicar macro", wide: true, body: [filter, list] });
    filter.focus();
  }

  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      if (tabs[1 - at].disabled) return;
      draft.set({ public: modes[1 - at].value });
      tabs[1 - at].focus();
    });
  }

  function refresh() {
    if (!ticket) return;
    const mode = modes.find((one) => one.value === draft.public);
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(modes[at] === mode));
      tab.tabIndex = modes[at] === mode ? 0 : -1;
    });
    node.classList.toggle("internal", !draft.public);
    panel.setAttribute("aria-labelledby", `tab-${mode.id}`);
    editor.name(mode.name, mode.placeholder);
    editor.show(draft.html);
    uploads.refresh();
    fill(submit, "Enviar como ", el("strong", {}, statuses[target()] ?? target()));
    submit.disabled = busy;
    other.disabled = busy;
    pending.textContent = busy ? "Enviando…" : draft.dirty ? "Alterações não enviadas" : "";
    discard.hidden = busy || draft.empty;
    const over = ticket.status === "closed";
    work.hidden = over;
    closed.hidden = !over;
  }

  draft.changed(refresh);
  return {
    node,
    refresh,
    write,
    close: editor.close,
    show: (next) => {
      ticket = next;
      if (desk.me.light && draft.public) draft.set({ public: false });
      refresh();
    },
    focus: editor.focus,
  };
}
