// Comments' HTML, rebuilt from an allow-list: nothing of the original tree reaches the page.

import { el, outside, webAddress } from "./dom.js";

const plain = new Set([
  "b",
  "strong",
  "i",
  "em",
  "u",
  "s",
  "del",
  "code",
  "pre",
  "p",
  "div",
  "br",
  "ul",
  "ol",
  "li",
  "blockquote",
  "span",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "table",
  "thead",
  "tbody",
  "tr",
  "td",
  "th",
  "hr",
]);

/** dropped go with everything in them; of other unknown elements the content stays. */
const dropped = new Set([
  "script",
  "style",
  "template",
  "iframe",
  "object",
  "embed",
  "noscript",
  "svg",
  "math",
  "head",
  "title",
  "form",
  "select",
  "textarea",
]);

const attachments = "/sandbox/zendesk/attachments/";

/** local returns the path of an attachment's address, whatever name this host was reached by, "" for other addresses. */
export function local(address) {
  const href = webAddress(address);
  if (!href) return "";
  const url = new URL(href);
  return url.pathname.startsWith(attachments) ? url.pathname + url.search : "";
}

/** safe returns a comment's HTML as new nodes. */
export function safe(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return copies(parsed.body);
}

function copies(parent) {
  return [...parent.childNodes].flatMap(copy);
}

function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node.data];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const name = node.localName;
  if (dropped.has(name)) return [];
  if (name === "a") return [outside(node.getAttribute("href") ?? "", copies(node))];
  if (name === "img") return [picture(node)];
  return plain.has(name) ? [el(name, { dir: node.getAttribute("dir") === "auto" ? "auto" : null }, copies(node))] : copies(node);
}

/** picture shows images of the sandbox; others stay links, so that reading a comment tells nobody. */
function picture(node) {
  const source = node.getAttribute("src") ?? "",
    name = node.getAttribute("alt") || "imagem";
  const path = local(source);
  return path ? el("img", { src: path, alt: name, loading: "lazy" }) : outside(source, name);
}
