// The box in which agents write: bold, italics, lists and links, kept as the browser's own editing makes them.

import { el, fill } from "./dom.js";
import { safe, said, written } from "./helpdesk-html.js";
import { drawnButton } from "./helpdesk-icons.js";
import { field, openDialog } from "./widgets.js";

const tools = [
  { name: "bold", label: "Negrito (Ctrl+B)", command: "bold" },
  { name: "italic", label: "Itálico (Ctrl+I)", command: "italic" },
  { name: "bullets", label: "Lista (Ctrl+Shift+8)", command: "insertUnorderedList" },
  { name: "numbers", label: "Lista numerada (Ctrl+Shift+7)", command: "insertOrderedList" },
];

/**
 * openEditor builds the box and its tools. changed is told {html, text} after every change; files gets those that were pasted
 * or dropped; send is what Ctrl+Enter does. It returns `node`, `tools`, `show(html)`, `name(label, placeholder)`, `focus()`.
 */
export function openEditor({ changed, files, send }) {
  const box = el("div", {
    class: "answer-box blank",
    id: "answer-box",
    contenteditable: "true",
    role: "textbox",
    "aria-multiline": "true",
    "aria-keyshortcuts": "Control+Enter",
    tabindex: "0",
  });
  let shown = "";

  const run = (command, value) => {
    box.focus();
    document.execCommand("styleWithCSS", false, "false");
    document.execCommand(command, false, value);
    mark();
  };
  const buttons = tools.map((tool) =>
    drawnButton(tool.name, tool.label, {
      class: "icon-button tool-button",
      "aria-pressed": "false",
      onmousedown: (event) => event.preventDefault(), // the selection stays
      onclick: () => run(tool.command),
    }),
  );
  const linker = drawnButton("link", "Link (Ctrl+K)", {
    class: "icon-button tool-button",
    onmousedown: (event) => event.preventDefault(),
    onclick: () => link(),
  });
  const bar = el("div", { class: "format", role: "group", "aria-label": "Formatação" }, buttons, linker);

  function mark() {
    const inside = box.contains(document.getSelection()?.anchorNode ?? null);
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(inside && document.queryCommandState(tools[at].command))));
  }

  /** link asks for an address and makes the selected words a link to it, or writes it where the cursor is. */
  function link() {
    const selection = document.getSelection();
    const range = selection.rangeCount > 0 && box.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
    openDialog({
      title: "Inserir link",
      button: "Inserir",
      body: [
        field("Endereço", el("input", { name: "address", type: "url", required: true, placeholder: "https://", autocomplete: "off" })),
        (!range || range.collapsed) && field("Texto", el("input", { name: "words", autocomplete: "off", placeholder: "o próprio endereço" })),
      ],
      send: (fields) => {
        box.focus();
        if (range) {
          selection.removeAllRanges();
          selection.addRange(range);
        }
        if (!range || range.collapsed) insert(fields.words?.trim() || fields.address, fields.address);
        else run("createLink", fields.address);
        tell();
      },
    });
  }

  function insert(words, address) {
    const selection = document.getSelection();
    const node = el("a", { href: address }, words);
    if (selection.rangeCount > 0 && box.contains(selection.anchorNode)) selection.getRangeAt(0).insertNode(node);
    else box.append(node);
    selection.collapse(node.parentNode, [...node.parentNode.childNodes].indexOf(node) + 1);
  }

  function tell() {
    shown = written(box);
    box.classList.toggle("blank", said(box) === "" && !box.querySelector("ul, ol"));
    changed({ html: shown, text: said(box) });
  }

  box.addEventListener("input", tell);
  box.addEventListener("focus", () => document.execCommand("defaultParagraphSeparator", false, "div"));
  box.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    const listed = { Digit8: tools[2], Digit7: tools[3] }[event.code];
    const act = event.key.toLowerCase() === "k" ? link : event.shiftKey && listed ? () => run(listed.command) : null;
    if (event.key === "Enter") {
      event.preventDefault();
      send();
    } else if (act) {
      event.preventDefault();
      act();
    }
  });
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    if (event.clipboardData.files.length > 0) files([...event.clipboardData.files]);
    else document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  document.addEventListener("selectionchange", mark);

  return {
    node: box,
    tools: bar,
    /** show puts a draft into the box unless it holds that already. */
    show: (html) => {
      if (html === shown && html === written(box)) return;
      shown = html;
      fill(box, safe(html));
      box.classList.toggle("blank", html === "");
    },
    name: (label, placeholder) => {
      box.setAttribute("aria-label", label);
      box.dataset.placeholder = placeholder;
    },
    focus: () => {
      box.focus();
      document.getSelection().selectAllChildren(box);
      document.getSelection().collapseToEnd();
    },
    close: () => document.removeEventListener("selectionchange", mark),
  };
}
