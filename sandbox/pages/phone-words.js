// What messages are called in lists, quotes and lines of the chat.

const mediaNames = { image: "Foto", video: "Vídeo", audio: "Áudio", document: "Documento", sticker: "Figurinha" };

/** mediaName is what a kind of file is called. */
export function mediaName(type) {
  return mediaNames[type] ?? "Arquivo";
}

const unread = {
  poll_creation: "Enquete",
  poll_update: "Voto em enquete",
  gif: "GIF",
  pin: "Mensagem fixada",
  group_invite: "Convite para grupo",
  product: "Produto",
  media_placeholder: "Arquivo",
};

/** unsupportedName is what the phone calls a message that WhatsApp does not hand on. */
export function unsupportedName(content) {
  if (content?.code === 131052) return "Arquivo grande demais";
  return unread[content?.type] ?? "Mensagem que a empresa não recebe";
}

/** answerOf is what somebody chose among buttons or in a list. */
export function answerOf(content) {
  return content.button_reply ?? content.list_reply;
}

/** callName tells of a call. */
export function callName(content) {
  const seconds = content?.seconds ?? 0;
  if (seconds === 0) return "Ligação de voz não atendida";
  const rest = String(seconds % 60).padStart(2, "0");
  return `Ligação de voz, ${Math.floor(seconds / 60)}:${rest}`;
}

/** systemName tells that a person is known by other data now. */
export function systemName(content) {
  return content?.type === "user_changed_number" ? "Você mudou de número" : "O seu identificador mudou";
}

/** price is an amount as a shop shows it. */
export function price(amount, currency) {
  return new Intl.NumberFormat("pt-BR", { style: "currency", currency }).format(amount);
}

function interactiveLine(content) {
  if (content.type === "nfm_reply") return "Formulário preenchido";
  if (content.type === "call_permission_reply") return content.call_permission_reply.response === "accept" ? "Aceitou ligações" : "Recusou ligações";
  return content.body?.text ?? answerOf(content)?.title ?? "Mensagem interativa";
}

/** preview is a message in one line. */
export function preview(message) {
  if (message.deleted) return message.from === "customer" ? "Você apagou esta mensagem" : "Mensagem apagada";
  const content = message.content ?? {};
  switch (message.type) {
    case "text":
      return content.body ?? "";
    case "template":
      return message.preview ?? "";
    case "location":
      return `Localização${content.name ? `: ${content.name}` : ""}`;
    case "contacts":
      return `Contato: ${(Array.isArray(content) ? content : []).map((one) => one.name?.formatted_name).join(", ")}`;
    case "button":
      return content.text ?? "";
    case "interactive":
      return interactiveLine(content);
    case "order":
      return content.text || "Pedido do catálogo";
    case "unsupported":
      return unsupportedName(content);
    case "call":
      return callName(content);
    case "system":
      return systemName(content);
    case "document":
      return content.filename ?? content.caption ?? "Documento";
    case "audio":
      return content.voice ? "Mensagem de voz" : "Áudio";
    default:
      return content.caption || mediaName(message.type);
  }
}
