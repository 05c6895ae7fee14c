// Menus, dialogs and notices that both pages share.

import { el, icon, iconButton } from "./dom.js";

/**
 * openMenu shows a menu at anchor. Items: {label, icon?, checked?, disabled?, act}; an item with `row` is a row of small
 * ones [{label, text, act}]. Arrows move, Escape closes and gives the focus back.
 */
export function openMenu(anchor, label, items) {
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (back) => {
    document.removeEventListener("pointerdown", away, true);
    window.removeEventListener("resize", leave);
    menu.remove();
    anchor.removeAttribute("aria-expanded");
    if (back) anchor.focus();
  };
  const leave = () => close(false);
  const away = (event) => menu.contains(event.target) || close(false);
  const entry = (item, ...content) =>
    el(
      "button",
      {
        type: "button",
        role: item.checked === undefined ? "menuitem" : "menuitemcheckbox",
        tabindex: "-1",
        "aria-checked": item.checked === undefined ? null : String(item.checked),
        "aria-label": item.text ? item.label : null,
        title: item.text ? item.label : null,
        disabled: item.disabled,
        onclick: () => {
          close(true);
          item.act();
        },
      },
      ...content,
    );
  for (const item of items) {
    if (item.row)
      menu.append(
        el(
          "div",
          { class: "menu-row", role: "group", "aria-label": item.label },
          item.row.map((one) => entry(one, one.text)),
        ),
      );
    else menu.append(entry(item, item.icon && icon(item.icon), el("span", {}, item.label), item.checked && icon("check")));
  }
  menu.addEventListener("keydown", (event) => steer(event, menu, close));
  document.body.append(menu);
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", away, true);
  window.addEventListener("resize", leave);
  menu.querySelector("button:not(:disabled)")?.focus();
}

function steer(event, menu, close) {
  const buttons = [...menu.querySelectorAll("button:not(:disabled)")];
  const at = buttons.indexOf(document.activeElement);
  const moves = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 };
  if (event.key in moves) {
    event.preventDefault();
    buttons.at(moves[event.key] % buttons.length).focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  }
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect(),
    size = menu.getBoundingClientRect();
  const below = at.bottom + 4 + size.height <= innerHeight;
  const top = below ? at.bottom + 4 : Math.max(4, at.top - 4 - size.height);
  menu.style.top = `${Math.min(top, Math.max(4, innerHeight - size.height - 4))}px`;
  menu.style.left = `${Math.max(4, Math.min(at.left, innerWidth - size.width - 4))}px`;
}

/**
 * openDialog shows a form. send gets its fields and may throw: the error is shown and the dialog stays. body are the
 * form's nodes; without `button` it has no button to send.
 */
export function openDialog({ title, body, button, send, wide }) {
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const submit = button && el("button", { type: "submit", class: "primary" }, button);
  const heading = el("h2", { id: "dialog-title" }, title);
  const form = el(
    "form",
    {},
    body,
    problem,
    el(
      "div",
      { class: "dialog-buttons" },
      el("button", { type: "button", onclick: () => dialog.close() }, button ? "Cancelar" : "Fechar"),
      submit,
    ),
  );
  const dialog = el(
    "dialog",
    { class: wide ? "wide" : null, "aria-labelledby": "dialog-title" },
    el("div", { class: "dialog-head" }, heading, iconButton("close", "Fechar", { onclick: () => dialog.close() })),
    form,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problem.hidden = true;
    try {
      await send(Object.fromEntries(new FormData(form)), form);
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input, select, textarea, button")?.focus();
  return dialog;
}

let hints = 0;

/** field is a labelled control; a hint describes it. */
export function field(label, control, hint) {
  if (!hint) return el("label", { class: "field" }, el("span", {}, label), control);
  const id = `hint-${hints++}`;
  control.setAttribute("aria-describedby", id);
  return el("div", { class: "field" }, el("label", { class: "field" }, el("span", {}, label), control), el("small", { id }, hint));
}

/** note shows a short notice; problems stay longer and are read out at once. */
export function note(text, problem = false) {
  let box = document.querySelector(".notes");
  if (!box) {
    box = el("div", { class: "notes" });
    document.body.append(box);
  }
  const one = el(
    "div",
    { class: problem ? "note bad" : "note", role: problem ? "alert" : "status" },
    el("span", {}, text),
    iconButton("close", "Fechar aviso", { onclick: () => one.remove() }),
  );
  box.append(one);
  setTimeout(() => one.remove(), problem ? 12000 : 4000);
}

/** toggle is a labelled switch that tells act what it was set to. */
export function toggle(label, on, act) {
  const input = el("input", { type: "checkbox", role: "switch", onchange: () => act(input.checked) });
  input.checked = on;
  return el("label", { class: "switch" }, input, el("span", {}, label));
}
