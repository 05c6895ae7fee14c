// Where an agent answers: public reply or internal note, macros, files, and sending with a status.

import { el, fill, icon, iconButton } from "./dom.js";
import { statuses } from "./helpdesk-words.js";
import { openDialog, openMenu } from "./widgets.js";

const modes = [
  { id: "public", name: "Resposta pública", value: true, placeholder: "Escreva ao cliente…" },
  { id: "internal", name: "Nota interna", value: false, placeholder: "Anote para a equipe; o cliente não vê…" },
];

const sendable = ["open", "pending", "hold", "solved"];

/**
 * openComposer builds the composer of a ticket. send(status) sends the draft and answers whether it worked; apply(macro)
 * applies one. It returns its node, `show(ticket)` and `refresh()`.
 */
export function openComposer(desk, draft, { send, apply }) {
  let ticket = null,
    busy = false;
  const box = el("textarea", { class: "answer-box", id: "answer-box", rows: "3", "aria-keyshortcuts": "Control+Enter" });
  const tabs = modes.map((mode) =>
    el(
      "button",
      { type: "button", role: "tab", id: `tab-${mode.id}`, "aria-controls": "answer-panel", onclick: () => choose(mode) },
      mode.value ? null : icon("lock"),
      mode.name,
    ),
  );
  const files = el("ul", { class: "files" });
  const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-hidden": "true" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
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
  const clip = el(
    "button",
    {
      type: "button",
      class: "tool",
      onclick: () => {
        picker.value = "";
        picker.click();
      },
    },
    icon("attach"),
    "Anexar",
  );
  const closed = el("p", { class: "closed-note", hidden: true }, icon("lock"), "Ticket fechado: não aceita mais alterações.");
  const panel = el(
    "div",
    { class: "answer-panel", role: "tabpanel", id: "answer-panel" },
    box,
    files,
    problem,
    el("div", { class: "answer-bar" }, clip, macros, pending, discard, el("div", { class: "split" }, submit, other)),
  );
  const work = el("div", {}, el("div", { class: "modes", role: "tablist", "aria-label": "Tipo de comentário" }, tabs), panel);
  const node = el("section", { class: "answer", "aria-label": "Responder" }, work, closed, picker);

  /** target is the status that sending gives: the chosen one, or the ticket's; answering makes a new ticket open. */
  function target() {
    return draft.status || (ticket.status === "new" ? "open" : ticket.status);
  }

  function options() {
    return sendable.map((status) => ({ label: statuses[status], checked: status === target(), act: () => go(status) }));
  }

  function choose(mode) {
    draft.set({ public: mode.value });
    box.focus();
  }

  async function go(status) {
    if (busy) return;
    busy = true;
    problem.hidden = true;
    refresh();
    try {
      await send(status);
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      busy = false;
      refresh();
    }
  }

  async function attach(list) {
    for (const file of list) {
      try {
        const { upload } = await desk.upload(file);
        draft.set({ uploads: [...draft.uploads, { token: upload.token, name: file.name }] });
      } catch (error) {
        problem.textContent = `${file.name}: ${error.message}`;
        problem.hidden = false;
      }
    }
  }

  function chooseMacro() {
    const filter = el("input", { type: "search", "aria-label": "Filtrar macros", placeholder: "Filtrar…", autocomplete: "off" });
    const list = el("ul", { class: "macro-list" });
    const draw = () => {
      const words = filter.value.toLowerCase();
      fill(
        list,
        desk.macros
          .filter((one) => one.active && one.title.toLowerCase().includes(words))
          .map((macro) =>
            el(
              "li",
              {},
              el(
                "button",
                {
                  type: "button",
                  onclick: () => {
                    dialog.close();
                    apply(macro).catch((error) => {
                      problem.textContent = error.message;
                      problem.hidden = false;
                    });
                  },
                },
                macro.title,
              ),
            ),
          ),
      );
    };
    filter.addEventListener("input", draw);
    draw();
    const dialog = openDialog({ title: "Aplicar macro", wide: true, body: [filter, list] });
  }

  box.addEventListener("input", () => draft.set({ text: box.value }));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go(target());
    }
  });
  box.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length > 0) {
      event.preventDefault();
      attach([...event.clipboardData.files]);
    }
  });
  picker.addEventListener("change", () => attach([...picker.files]));
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
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
    box.placeholder = mode.placeholder;
    box.setAttribute("aria-label", mode.name);
    if (box.value !== draft.text) box.value = draft.text;
    fill(
      files,
      draft.uploads.map((one) =>
        el(
          "li",
          {},
          icon("file"),
          one.name,
          iconButton("close", `Tirar ${one.name}`, {
            onclick: () => draft.set({ uploads: draft.uploads.filter((u) => u.token !== one.token) }),
          }),
        ),
      ),
    );
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
    show: (next) => {
      ticket = next;
      refresh();
    },
    focus: () => box.focus(),
  };
}
