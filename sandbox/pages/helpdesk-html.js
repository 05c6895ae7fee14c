// Comments' HTML, rebuilt from an allow-list: nothing of the original tree reaches the page, nor leaves the editor.

import { el, outside, webAddress } from "./dom.js";

const plain = new Set(
  (
    "b strong i em u s del ins sub sup code pre p div br ul ol li blockquote span h1 h2 h3 h4 h5 h6 table thead tbody tr td th hr"
  ).split(" "),
);

/** dropped go with everything in them; of other unknown elements the content stays. */
const dropped = new Set("script style template iframe object embed noscript svg math head title form select textarea".split(" "));

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

const marks = { b: "b", strong: "b", i: "i", em: "i", u: "u", s: "s", strike: "s", del: "s", code: "code" };
const lines = new Set("div p h1 h2 h3 h4 h5 h6 blockquote pre section article tr".split(" "));

/**
 * written writes what stands in an editor as the HTML that a helpdesk's composer sends: lines parted by <br>, lists, marks
 * and links. It returns "" when there is nothing to say.
 */
export function written(editor) {
  const out = new Writer();
  out.children(editor);
  return out.text();
}

/** said is the same as plain text, to know whether anything was said. */
export function said(editor) {
  return editor.innerText.replaceAll("\u00a0", " ").trim();
}

class Writer {
  #parts = [];
  #fresh = true; // nothing stands on this line yet

  children(node) {
    for (const child of node.childNodes) this.#node(child);
  }

  text() {
    const html = this.#parts.join("").replace(/^(?:<br>)+|(?:<br>|\s)+$/g, "");
    return html.replace(/<[^>]*>|&nbsp;|\s/g, "") === "" ? "" : html;
  }

  #put(html) {
    this.#parts.push(html);
    this.#fresh = false;
  }

  #line() {
    if (!this.#fresh) this.#parts.push("<br>");
    this.#fresh = true;
  }

  #node(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.replace(/[\n\t ]+/g, " ");
      if (text !== "" && !(this.#fresh && text === " ")) this.#put(escaped(text));
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || dropped.has(node.localName)) return;
    const name = node.localName;
    if (name === "br") {
      this.#parts.push("<br>");
      this.#fresh = true;
    } else if (name === "ul" || name === "ol") this.#list(node, name);
    else if (name === "a") this.#link(node);
    else if (marks[name]) this.#marked(node, marks[name]);
    else if (lines.has(name)) this.#block(node, name);
    else this.children(node);
  }

  /** #block is one line, or several; a paragraph after another one is parted from it by an empty line. */
  #block(node, name) {
    this.#line();
    if (name === "p" && this.#parts.length > 0 && node.previousElementSibling?.localName === "p") this.#parts.push("<br>");
    const lone = node.childNodes.length === 1 && node.firstChild.nodeName === "BR";
    if (lone) this.#parts.push("<br>");
    else {
      this.children(node);
      this.#line();
    }
    this.#fresh = true;
  }

  #list(node, name) {
    while (this.#parts.at(-1) === "<br>") this.#parts.pop();
    const items = [...node.children].filter((one) => one.localName === "li");
    this.#parts.push(`<${name}>`, ...items.map((item) => `<li>${written(item)}</li>`), `</${name}>`);
    this.#fresh = true;
  }

  #marked(node, mark) {
    const inner = written(node);
    if (inner === "") {
      if (node.textContent !== "") this.#put(" ");
      return;
    }
    const [before, after] = [/^\s/, /\s$/].map((edge) => (edge.test(node.textContent) ? " " : ""));
    this.#put(`${before}<${mark}>${inner}</${mark}>${after}`);
  }

  #link(node) {
    const href = webAddress(node.getAttribute("href") ?? "") || mailOrPhone(node.getAttribute("href") ?? "");
    if (href && written(node)) this.#put(`<a href="${escaped(href).replaceAll('"', "&quot;")}">${written(node)}</a>`);
    else this.children(node);
  }
}

function mailOrPhone(address) {
  return /^(?:mailto|tel):\S+$/i.test(address) ? address : "";
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\u00a0", " ");
}
