// Menus at a message and sheets over the phone's screen.

import { el, iconButton } from "./dom.js";
import { glyph } from "./phone-icons.js";

/**
 * openMenu shows a menu beside anchor, or at a point {x, y}. Items: {label, icon?, act}, and {label, row: [{label, text,
 * act}]} for a row of small ones. Arrows move, Escape closes and gives the focus back to anchor.
 */
export function openMenu(anchor, label, items, point = null) {
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label });
  const close = (back) => {
    document.removeEventListener("pointerdown", away, true);
    window.removeEventListener("resize", leave);
    menu.remove();
    anchor.removeAttribute("aria-expanded");
    if (back) anchor.focus({ preventScroll: true });
  };
  const leave = () => close(false);
  const away = (event) => menu.contains(event.target) || close(false);
  const entry = (item, ...content) =>
    el(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        "aria-label": item.text ? item.label : null,
        title: item.text ? item.label : null,
        onclick: () => {
          close(true);
          item.act();
        },
      },
      ...content,
    );
  for (const item of items) {
    menu.append(
      item.row
        ? el(
            "div",
            { class: "menu-row", role: "group", "aria-label": item.label },
            item.row.map((one) => entry(one, one.text)),
          )
        : entry(item, item.icon && glyph(item.icon), el("span", {}, item.label)),
    );
  }
  menu.addEventListener("keydown", (event) => {
    if (!steer(event, [...menu.querySelectorAll("button")], 1)) return;
    if (event.key === "Escape" || event.key === "Tab") close(true);
  });
  menu.addEventListener("contextmenu", (event) => event.preventDefault());
  document.body.append(menu);
  place(menu, point ?? anchor.getBoundingClientRect());
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", away, true);
  window.addEventListener("resize", leave);
  menu.querySelector("button")?.focus();
}

/** steer moves the focus among buttons in lines of width and reports whether the key was for it, or for the opener. */
function steer(event, buttons, width) {
  const at = buttons.indexOf(document.activeElement),
    last = buttons.length - 1;
  const moves = { ArrowDown: at + width, ArrowRight: at + 1, ArrowUp: at - width, ArrowLeft: at - 1, Home: 0, End: last };
  const mine = event.key in moves;
  if (!mine && event.key !== "Escape" && event.key !== "Tab") return false;
  if (event.key === "Tab" && width > 1) return false;
  event.preventDefault();
  event.stopPropagation();
  if (mine) buttons.at(moves[event.key] > last ? (width > 1 ? last : 0) : Math.max(moves[event.key], width > 1 ? 0 : -1)).focus();
  return true;
}

function place(menu, at) {
  const size = menu.getBoundingClientRect(),
    bottom = at.bottom ?? at.y,
    top = at.top ?? at.y,
    left = at.left ?? at.x;
  const below = bottom + 4 + size.height <= innerHeight;
  const from = below ? bottom + 4 : Math.max(4, top - 4 - size.height);
  menu.style.top = `${Math.min(from, Math.max(4, innerHeight - size.height - 4))}px`;
  menu.style.left = `${Math.max(4, Math.min(left, innerWidth - size.width - 4))}px`;
}

/**
 * openSheet slides a sheet over the lower part of the phone's screen: body below a title. What is behind can't be reached
 * meanwhile. Escape, the cross and a click beside it close it; the focus goes back to where it was. It returns close.
 */
export function openSheet(title, body) {
  const before = document.activeElement,
    phone = document.querySelector("#phone"),
    behind = [...phone.children].filter((one) => !one.classList.contains("sheet-ground"));
  const close = () => {
    ground.remove();
    for (const one of behind) one.inert = false;
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  const sheet = el(
    "div",
    { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": "sheet-title" },
    el("div", { class: "sheet-head" }, el("h2", { id: "sheet-title" }, title), iconButton("close", "Fechar", { onclick: close })),
    el("div", { class: "sheet-body" }, body),
  );
  const ground = el("div", { class: "sheet-ground", onclick: (event) => event.target === ground && close() }, sheet);
  ground.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
      return;
    }
    const grid = event.target.closest(".tiles");
    if (grid) steer(event, [...grid.querySelectorAll("button")], columns(grid));
  });
  for (const one of behind) one.inert = true;
  phone.append(ground);
  (sheet.querySelector(".sheet-body button, .sheet-body input") ?? sheet.querySelector("button")).focus();
  return close;
}

function columns(grid) {
  return getComputedStyle(grid).gridTemplateColumns.split(" ").length;
}

/** tiles are the big buttons of a sheet: {label, icon, act}. */
export function tiles(items, before) {
  return el(
    "div",
    { class: "tiles" },
    items.map((item) =>
      el(
        "button",
        {
          type: "button",
          class: "tile",
          onclick: () => {
            before();
            item.act();
          },
        },
        el("span", { class: "tile-disc" }, glyph(item.icon)),
        el("span", {}, item.label),
      ),
    ),
  );
}
