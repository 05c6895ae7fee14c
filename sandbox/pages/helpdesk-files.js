// Files on comments: pictures shown in place, players for sound and film, everything else as a link with its size.

import { el, icon } from "./dom.js";
import { local } from "./helpdesk-html.js";
import { drawing } from "./helpdesk-icons.js";
import { openDialog } from "./widgets.js";

const widest = 318,
  tallest = 200; // pixels of a picture within a comment

/** size spells a number of bytes. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1048576) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`;
}

/** attachments lists a comment's files; nothing when all stand in its text. */
export function attachments(files) {
  const shown = files.filter((one) => !one.inline);
  return shown.length > 0 && el("ul", { class: "attachments" }, shown.map(attachment));
}

function attachment(file) {
  const href = local(file.content_url);
  if (!href) return el("li", {}, el("span", { class: "document" }, icon("file"), name(file)));
  const kind = file.content_type.split(/[/;]/)[0];
  if (kind === "image") return picture(file, href);
  if (kind === "audio" || kind === "video") return player(file, href, kind);
  return el("li", {}, link(file, href, icon("file")));
}

function name(file) {
  return [el("span", { class: "file-name" }, file.file_name), el("span", { class: "soft" }, size(file.size))];
}

function link(file, href, sign) {
  return el("a", { class: "document", href, download: file.file_name, title: `Baixar ${file.file_name}` }, sign, name(file));
}

/** picture opens larger when clicked. One that cannot be shown becomes a link. */
function picture(file, href) {
  const image = el("img", { src: href, alt: file.file_name, loading: "lazy" });
  if (file.width && file.height) {
    const scale = Math.min(1, widest / file.width, tallest / file.height); // known before it is loaded: nothing jumps
    image.width = Math.max(1, Math.round(file.width * scale));
    image.height = Math.max(1, Math.round(file.height * scale));
  }
  const item = el(
    "li",
    { class: "picture" },
    el("button", { type: "button", class: "open-picture", "aria-label": `Ampliar ${file.file_name}`, onclick: () => enlarge(file, href) }, image),
    el("a", { class: "caption", href, download: file.file_name, title: `Baixar ${file.file_name}` }, name(file)),
  );
  image.addEventListener("error", () => item.replaceWith(el("li", {}, link(file, href, icon("image")))));
  return item;
}

function enlarge(file, href) {
  const dialog = openDialog({
    title: file.file_name,
    wide: true,
    body: [el("img", { class: "enlarged", src: href, alt: file.file_name }), link(file, href, drawing("download"))],
  });
  dialog.classList.add("lightbox");
}

function player(file, href, kind) {
  return el(
    "li",
    { class: `player ${kind}` },
    el(kind, { src: href, controls: true, preload: "metadata", "aria-label": file.file_name }),
    link(file, href, icon(kind === "audio" ? "sound" : "film")),
  );
}
