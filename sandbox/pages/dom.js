// Elements without markup: whatever people wrote reaches the page as text nodes only.

const svgSpace = "http://www.w3.org/2000/svg";

/** Drawings on a grid of 24, as strokes. */
const drawings = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  attach: "M8 12.5l6-6a3 3 0 0 1 4.2 4.2l-8 8a5 5 0 0 1-7-7l7.5-7.5",
  send: "M4 12l16-7-5 15-3.5-6z",
  mic: "M12 3.5a2.8 2.8 0 0 1 2.8 2.8v5a2.8 2.8 0 0 1-5.6 0v-5A2.8 2.8 0 0 1 12 3.5zM6 11a6 6 0 0 0 12 0M12 17v3.5",
  stop: "M7 7h10v10H7z",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  pin: "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  person: "M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.8 20a7.2 7.2 0 0 1 14.4 0",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.5v.01",
  film: "M4 6h16v12H4zM10.5 9.5l4 2.5-4 2.5z",
  sound: "M5 10v4h3l4 4V6l-4 4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  sticker: "M5 5h14v9l-5 5H5zM14 19v-5h5",
  reply: "M10 6l-6 6 6 6M4 12h9a7 7 0 0 1 7 7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  down: "M6 9l6 6 6-6",
  list: "M8 6.5h12M8 12h12M8 17.5h12M4 6.5v.01M4 12v.01M4 17.5v.01",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5L7 17l8-9M11.5 15.5l1.5 1.5 8.5-9",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.4v.01",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20.5 20.5",
  settings: "M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5",
  mail: "M3.5 6h17v12h-17zM4 7l8 6 8-6",
  chat: "M4 5h16v11H10l-4.5 4v-4H4z",
};

/**
 * el makes an element. Attributes: `class`, `on<event>` listeners, `dataset`, booleans, anything else as it is; null and
 * false are left out. Children: nodes, texts, lists of them; null and false are left out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
}

/** fill replaces what node holds. */
export function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
}

/** icon draws one of the drawings; it is decoration and has no name. */
export function icon(name) {
  const svg = document.createElementNS(svgSpace, "svg");
  const path = document.createElementNS(svgSpace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}

/** iconButton is a button that shows a drawing and is named by label. */
export function iconButton(name, label, attributes = {}) {
  const { class: extra = "", ...rest } = attributes;
  return el("button", { type: "button", class: `icon-button ${extra}`.trim(), "aria-label": label, title: label, ...rest }, icon(name));
}

/** unseen is text for screen readers only. */
export function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

/** webAddress returns text as an address that may be linked to: a whole one of the web, else "". */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

/** outside makes a link that opens beside the page; text alone when the address is none for a link. */
export function outside(address, ...children) {
  const href = webAddress(address);
  return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children) : el("span", {}, ...children);
}

/** initials of a name, two letters at most. */
export function initials(name) {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word) && (word.length > 2 || /^\p{Lu}/u.test(word)));
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    picked
      .map((word) => [...word][0])
      .join("")
      .toUpperCase() || "?"
  );
}

/** avatar is a disc with initials; its tint follows from the name. */
export function avatar(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 6;
  return el("span", { class: `avatar tint-${sum}`, "aria-hidden": "true" }, initials(name));
}

/** arrange makes nodes the children of list, touching only what is out of place, so that focus and media survive. */
export function arrange(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
}
