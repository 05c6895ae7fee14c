// Files on their way into a comment: chosen, pasted or dropped, sent at once, listed until the comment is sent.

import { el, fill, icon, iconButton } from "./dom.js";
import { size } from "./helpdesk-files.js";

/**
 * openUploads builds the list of files of a comment. send(file) sends one and returns {token}; list() and set(list) are where
 * the sent ones are kept; problem(text) shows what went wrong. It returns `node`, `take(files)`, `pick()`, `refresh()`, `busy`
 * and `catcher(area)`, which lets files be dropped on an element.
 */
export function openUploads({ send, list, set, problem }) {
  const node = el("ul", { class: "files", "aria-label": "Arquivos do comentário" });
  const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-hidden": "true" });
  const going = new Map(); // what is being sent: key → file
  let next = 0;

  picker.addEventListener("change", () => take([...picker.files]));

  /** take sends files one after the other, so that they stand in the order in which they were chosen. */
  async function take(files) {
    const mine = files.map((file) => [next++, file]);
    for (const [key, file] of mine) going.set(key, file);
    refresh();
    for (const [key, file] of mine) {
      try {
        const { upload } = await send(file);
        going.delete(key);
        set([...list(), { token: upload.token, name: file.name, size: file.size, at: Date.now() }]);
      } catch (error) {
        going.delete(key);
        problem(`${file.name}: ${error.message}`);
      }
      refresh();
    }
  }

  function refresh() {
    fill(
      node,
      list().map((one) =>
        el(
          "li",
          {},
          icon("file"),
          el("span", { class: "file-name" }, one.name),
          el("span", { class: "soft" }, size(one.size)),
          iconButton("close", `Tirar ${one.name}`, { onclick: () => set(list().filter((other) => other.token !== one.token)) }),
        ),
      ),
      [...going.values()].map((file) =>
        el("li", { class: "going" }, icon("clock"), el("span", { class: "file-name" }, file.name), el("span", { class: "soft" }, "enviando…")),
      ),
    );
  }

  function catcher(area) {
    const holds = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    let depth = 0;
    const over = (by) => {
      depth = Math.max(0, depth + by);
      area.classList.toggle("dropping", depth > 0);
    };
    area.addEventListener("dragenter", (event) => holds(event) && over(1));
    area.addEventListener("dragleave", (event) => holds(event) && over(-1));
    area.addEventListener("dragover", (event) => holds(event) && event.preventDefault());
    area.addEventListener("drop", (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      depth = 0;
      area.classList.remove("dropping");
      take([...event.dataTransfer.files]);
    });
  }

  return {
    node,
    picker,
    take,
    refresh,
    catcher,
    pick: () => {
      picker.value = "";
      picker.click();
    },
    get busy() {
      return going.size > 0;
    },
  };
}
