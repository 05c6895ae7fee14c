// The line to write in: text, files, voice, places, contact cards, replies.

import { el, fill, icon, iconButton } from "./dom.js";
import { keep, kept } from "./memory.js";
import { askContact, askPlace } from "./phone-forms.js";
import { preview } from "./phone-message.js";
import { samplePicture } from "./phone-sample.js";
import { note, openMenu } from "./widgets.js";

const pictures = "image/jpeg,image/png";
const films = "video/mp4,video/3gpp";
const sounds = "audio/ogg,audio/mpeg,audio/mp4,audio/aac,audio/amr";

/** recordings are the formats in which a browser records and the customer's phone may send, best first. */
const recordings = ["audio/ogg;codecs=opus", "audio/mp4"];

/**
 * openComposer builds the composer of one customer. acts: send(type, content, quotedId), sendFile(type, file, more,
 * quotedId), self() for the customer's own data. It returns its node, `reply(message)` and `focus()`.
 */
export function openComposer(customer, acts) {
  const place = `draft.${customer}`;
  const box = el("textarea", { rows: "1", placeholder: "Mensagem", "aria-label": "Mensagem", enterkeyhint: "send", maxlength: "4096" });
  const go = iconButton("send", "Enviar", { class: "go" });
  const clip = iconButton("attach", "Anexar", { "aria-haspopup": "menu" });
  const quoted = el("div", { class: "replying", hidden: true });
  const picker = el("input", { type: "file", hidden: true, tabindex: "-1", "aria-hidden": "true" });
  const form = el("form", { class: "composer" }, quoted, el("div", { class: "line" }, clip, box, go), picker);
  let answered = null,
    chosen = "image",
    recorder = null,
    queue = Promise.resolve();

  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 140)}px`;
  };
  const refresh = () => {
    const voice = recorder !== null || (box.value.trim() === "" && canRecord());
    const label = recorder ? "Parar e enviar a gravação" : voice ? "Gravar mensagem de voz" : "Enviar";
    go.setAttribute("aria-label", label);
    go.title = label;
    go.classList.toggle("recording", recorder !== null);
    fill(go, icon(recorder ? "stop" : voice ? "mic" : "send"));
    grow();
  };
  const reply = (message) => {
    answered = message;
    quoted.hidden = message === null;
    if (message) {
      fill(
        quoted,
        el(
          "div",
          {},
          el("strong", {}, message.from === "customer" ? "Respondendo a você" : "Respondendo à empresa"),
          el("span", {}, preview(message)),
        ),
        iconButton("close", "Cancelar resposta", {
          onclick: () => {
            reply(null);
            box.focus();
          },
        }),
      );
      box.focus();
    }
  };
  const takeQuote = () => {
    const id = answered?.id ?? "";
    reply(null);
    return id;
  };
  // One after the other, so that what is typed fast arrives in order.
  const line = (act) => {
    queue = queue.then(act).catch((error) => note(error.message, true));
    return queue;
  };
  const sendText = () => {
    const text = box.value;
    if (text.trim() === "") return;
    const before = answered,
      id = takeQuote();
    box.value = "";
    keep(place, "");
    refresh();
    line(async () => {
      try {
        await acts.send("text", { body: text }, id);
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
  const sendFile = (type, file, more = {}) => {
    const caption = box.value.trim(),
      withCaption = ["image", "video", "document"].includes(type) && caption !== "";
    if (withCaption) {
      box.value = "";
      refresh();
    }
    const id = takeQuote();
    line(() => acts.sendFile(type, file, withCaption ? { ...more, caption } : more, id));
  };
  const pick = (type, accept) => {
    chosen = type;
    picker.accept = accept;
    picker.value = "";
    picker.click();
  };
  const record = async () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    const mimeType = recordings.find((one) => MediaRecorder.isTypeSupported(one));
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const parts = [];
    recorder = new MediaRecorder(stream, { mimeType });
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      recorder = null;
      refresh();
      const type = mimeType.split(";")[0];
      sendFile("audio", new File(parts, type === "audio/ogg" ? "voz.ogg" : "voz.m4a", { type }), { voice: true });
    };
    recorder.start();
    refresh();
  };
  const submit = () => {
    if (recorder || (box.value.trim() === "" && canRecord())) {
      record().catch(() => note("O microfone não pôde ser usado.", true));
      return;
    }
    sendText();
    box.focus();
  };

  picker.addEventListener("change", () => {
    for (const file of picker.files) sendFile(chosen === "image" && file.type.startsWith("video/") ? "video" : chosen, file);
  });
  clip.addEventListener("click", () =>
    openMenu(clip, "Anexar", [
      { label: "Foto ou vídeo", icon: "image", act: () => pick("image", `${pictures},${films}`) },
      { label: "Foto de exemplo", icon: "image", act: async () => sendFile("image", await samplePicture()) },
      { label: "Documento", icon: "file", act: () => pick("document", "") },
      { label: "Áudio", icon: "sound", act: () => pick("audio", sounds) },
      { label: "Figurinha (WebP)", icon: "sticker", act: () => pick("sticker", "image/webp") },
      { label: "Localização", icon: "pin", act: () => askPlace((content) => acts.send("location", content, takeQuote())) },
      { label: "Cartão de contato", icon: "person", act: () => askContact((content) => acts.send("contacts", content, takeQuote())) },
    ]),
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
      if (box.value.trim() !== "") sendText();
    } else if (event.key === "Escape" && answered) {
      reply(null);
    }
  });
  box.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files].filter((file) => pictures.includes(file.type));
    if (files.length > 0) event.preventDefault();
    for (const file of files) sendFile("image", file);
  });
  box.value = kept(place, "");
  requestAnimationFrame(refresh);
  return { node: form, reply, focus: () => box.focus() };
}

function canRecord() {
  return (
    typeof MediaRecorder !== "undefined" && Boolean(navigator.mediaDevices) && recordings.some((one) => MediaRecorder.isTypeSupported(one))
  );
}
