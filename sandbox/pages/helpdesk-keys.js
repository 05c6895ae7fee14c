// Shortcuts of one key, for whoever works without a mouse. They rest while something is being written or a dialog is open.

import { el } from "./dom.js";
import { openDialog } from "./widgets.js";

const meanings = [
  ["/", "buscar tickets"],
  ["↓ ↑", "andar pela lista; Enter abre"],
  ["j  k", "abrir o ticket seguinte ou o anterior"],
  ["r", "responder ao cliente"],
  ["n", "escrever nota interna"],
  ["Ctrl+Enter", "enviar"],
  ["Ctrl+B  Ctrl+I  Ctrl+K", "negrito, itálico, link"],
  ["a", "atribuir o ticket a mim"],
  ["c", "novo ticket"],
  ["t", "trocar o tema"],
  ["?", "estes atalhos"],
];

/** onKeys calls what stands under a key in acts, and returns what ends that. */
export function onKeys(acts) {
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog, [role=menu]")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}

/** showKeys lists the shortcuts. */
export function showKeys() {
  openDialog({
    title: "Atalhos do teclado",
    body: el(
      "dl",
      { class: "keys" },
      meanings.map(([keys, meaning]) => [
        el("dt", {}, keys.split("  ").map((key) => el("kbd", {}, key))),
        el("dd", {}, meaning),
      ]),
    ),
  });
}
