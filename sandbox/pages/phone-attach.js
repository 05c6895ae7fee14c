// What the paper clip offers: files, examples of them, and messages of every other type.

import { askContact, askDefect, askForm, askOrder, askPlace, askSize } from "./phone-forms.js";
import { openSheet, tiles } from "./phone-menu.js";
import { canFilm, sampleFilm, samplePDF, samplePicture, sampleSticker } from "./phone-sample.js";
import { sampleVoice } from "./phone-voice.js";
import { note } from "./widgets.js";

const pictures = "image/jpeg,image/png";
const films = "video/mp4,video/3gpp";
const sounds = "audio/ogg,audio/mpeg,audio/mp4,audio/aac,audio/amr";

const ad = {
  source_url: "https://fb.me/exemplo",
  source_id: "120226305854810726",
  source_type: "ad",
  headline: "Fale com o suporte",
  body: "Tire suas dúvidas pelo WhatsApp",
  media_type: "image",
  image_url: "https://exemplo.com.br/anuncio.jpg",
  ctwa_clid: "AfExemplo",
  welcome_message: { text: "Como podemos ajudar?" },
};

/**
 * openAttachments shows the sheet. acts: pick(type, accept), file(type, file, more?), send(type, content, more?), wait(act)
 * for what may fail, words() for the text typed so far.
 */
export function openAttachments(acts) {
  const close = openSheet("Anexar", [
    tiles(
      [
        { label: "Foto ou vídeo", icon: "image", act: () => acts.pick("image", `${pictures},${films}`) },
        { label: "Documento", icon: "file", act: () => acts.pick("document", "") },
        { label: "Áudio", icon: "sound", act: () => acts.pick("audio", sounds) },
        { label: "Voz (arquivo)", icon: "mic", act: () => acts.pick("voice", sounds) },
        { label: "Figurinha", icon: "sticker", act: () => acts.pick("sticker", "image/webp") },
        { label: "Localização", icon: "pin", act: () => askPlace((content) => acts.send("location", content)) },
        { label: "Contato", icon: "person", act: () => askContact((content) => acts.send("contacts", content)) },
        { label: "Exemplos", icon: "copy", act: () => openExamples(acts) },
        { label: "Mais tipos", icon: "plus", act: () => openOthers(acts) },
      ],
      () => close(),
    ),
  ]);
}

function openExamples(acts) {
  const example = (label, icon, type, make, more) => ({
    label,
    icon,
    act: () => acts.wait(async () => acts.file(type, await make(), more)),
  });
  const items = [
    example("Foto", "image", "image", samplePicture),
    canFilm() && example("Vídeo", "film", "video", sampleFilm),
    example("Mensagem de voz", "mic", "audio", sampleVoice, { voice: true }),
    example("PDF", "sheet", "document", samplePDF),
    example("Figurinha", "sticker", "sticker", sampleSticker),
    { label: "Arquivo grande", icon: "box", act: () => askSize((size) => acts.send("document", { filename: "backup.pdf" }, { generate_bytes: size })) },
  ].filter(Boolean);
  const close = openSheet("Exemplos prontos", tiles(items, () => close()));
}

function openOthers(acts) {
  const words = () => acts.words() || "Olá!";
  const items = [
    { label: "Pedido", icon: "cart", act: () => askOrder((content) => acts.send("order", content)) },
    { label: "Formulário", icon: "form", act: () => askForm((content) => acts.send("interactive", content)) },
    { label: "Enquete", icon: "poll", act: () => acts.wait(() => acts.send("unsupported", { type: "poll_creation" })) },
    { label: "Indisponível", icon: "ban", act: () => acts.wait(() => acts.send("unsupported", { code: 131060 })) },
    { label: "Veio de anúncio", icon: "megaphone", act: () => acts.wait(() => acts.send("text", { body: words() }, { referral: ad })) },
    {
      label: "Corrente",
      icon: "forward",
      act: () => acts.wait(() => acts.send("text", { body: words() }, { context: { forwarded: true, frequently_forwarded: true } })),
    },
    {
      label: "Em grupo",
      icon: "group",
      act: () =>
        acts.wait(async () => {
          await acts.send("text", { body: words() }, { group_id: "Y2FwaV9ncm91cDpleGVtcGxv" });
          note("Enviada a um grupo: não aparece nesta conversa.");
        }),
    },
    { label: "Com defeito", icon: "bug", act: () => askDefect((declare, filename) => acts.send("document", { filename }, { generate_bytes: 20000, declare })) },
  ];
  const close = openSheet("Mais tipos de mensagem", tiles(items, () => close()));
}
