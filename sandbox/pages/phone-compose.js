// The line to write in: text, what the paper clip offers, voice messages, replies.

import { el, fill, iconButton } from "./dom.js";
import { keep, kept } from "./memory.js";
import { openAttachments } from "./phone-attach.js";
import { glyph } from "./phone-icons.js";
import { openMenu } from "./phone-menu.js";
import { sampleVoice } from "./phone-voice.js";
import { preview } from "./phone-words.js";
import { note } from "./widgets.js";

const pasted = ["image/jpeg", "image/png"];

/**
 * openComposer builds the composer of one chat, whose draft is kept under place. acts: send(type, content, more) and
 * sendFile(type, file, content, more), more being the message's other fields. It returns its node, `reply(message)`,
 * `ready(why)`, which closes the line and says why when why is not "", and `focus()`.
 */
export function openComposer(place, acts) {
  const box = el("textarea", { rows: "1", placeholder: "Mensagem", "aria-label": "Mensagem", enterkeyhint: "send", maxlength: "4096" });
  const go = iconButton("send", "Enviar", { class: "go" });
  const clip = iconButton("attach", "Anexar", { "aria-haspopup": "dialog" });
  const quoted = el("div", { class: "replying", hidden: true });
  const closed = el("p", { class: "composer-closed", hidden: true });
  const picker = el("input", { type: "file", hidden: true, tabindex: "-1", "aria-hidden": "true" });
  const row = el("div", { class: "line" }, clip, box, go);
  const form = el("form", { class: "composer" }, quoted, closed, row, picker);
  let answered = null,
    chosen = "image",
    queue = Promise.resolve();

  const empty = () => box.value.trim() === "";
  const refresh = () => {
    const label = empty() ? "Mensagem de voz" : "Enviar";
    go.setAttribute("aria-label", label);
    go.title = label;
    fill(go, glyph(empty() ? "mic" : "send"));
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 140)}px`;
  };
  const reply = (message) => {
    answered = message;
    quoted.hidden = message === null;
    if (!message) return;
    const cancel = iconButton("close", "Cancelar resposta", {
      onclick: () => {
        reply(null);
        box.focus();
      },
    });
    const whom = message.from === "customer" ? "Respondendo a você" : "Respondendo à empresa";
    fill(quoted, el("div", {}, el("strong", {}, whom), el("span", {}, preview(message))), cancel);
    box.focus();
  };
  /** more adds the quoted message to a message's other fields. */
  const more = (fields = {}) => {
    const id = answered?.id;
    reply(null);
    return id ? { ...fields, context: { ...fields.context, message_id: id } } : fields;
  };
  // One after the other, so that what is typed fast arrives in order.
  const line = (act) => {
    queue = queue.then(act).catch((error) => note(error.message, true));
    return queue;
  };
  const clear = () => {
    box.value = "";
    keep(place, "");
    refresh();
  };
  const sendText = () => {
    if (empty()) return;
    const text = box.value,
      before = answered,
      fields = more();
    clear();
    line(async () => {
      try {
        await acts.send("text", { body: text }, fields);
      } catch (error) {
        if (box.value === "") {
          box.value = text;
          reply(before);
          refresh();
        }
        throw error;
      }
    });
  };
  const sendFile = (type, file, content = {}) => {
    const caption = box.value.trim(),
      fields = more();
    if (caption !== "" && ["image", "video", "document"].includes(type)) {
      clear();
      content = { ...content, caption };
    }
    line(() => acts.sendFile(type, file, content, fields));
  };
  const pick = (type, accept) => {
    chosen = type;
    picker.accept = accept;
    picker.value = "";
    picker.click();
  };
  const sendPicked = (file) => {
    if (chosen === "voice") sendFile("audio", file, { voice: true });
    else sendFile(chosen === "image" && file.type.startsWith("video/") ? "video" : chosen, file);
  };
  const offerVoice = () =>
    openMenu(go, "Mensagem de voz", [
      { label: "Enviar voz de exemplo", icon: "mic", act: () => line(async () => sendFile("audio", await sampleVoice(), { voice: true })) },
      { label: "Escolher um arquivo de áudio", icon: "sound", act: () => pick("voice", "audio/ogg,audio/mpeg,audio/mp4,audio/aac,audio/amr") },
    ]);
  const submit = () => {
    if (empty()) {
      offerVoice();
      return;
    }
    sendText();
    box.focus();
  };

  picker.addEventListener("change", () => [...picker.files].forEach(sendPicked));
  clip.addEventListener("click", () =>
    openAttachments({
      pick,
      file: sendFile,
      send: (type, content, fields) => acts.send(type, content, more(fields)),
      wait: line,
      words: () => {
        const text = box.value.trim();
        clear();
        return text;
      },
    }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  go.addEventListener("click", submit);
  box.addEventListener("input", () => {
    keep(place, box.value);
    refresh();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      sendText();
    } else if (event.key === "Escape" && answered) {
      reply(null);
    }
  });
  box.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files].filter((file) => pasted.includes(file.type));
    if (files.length > 0) event.preventDefault();
    for (const file of files) sendFile("image", file);
  });
  const ready = (why) => {
    closed.hidden = why === "";
    row.hidden = why !== "";
    closed.textContent = why;
  };
  box.value = kept(place, "");
  requestAnimationFrame(refresh);
  return { node: form, reply, ready, focus: () => box.focus() };
}
