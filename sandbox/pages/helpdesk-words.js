// The helpdesk's values as agents read them.

import { el } from "./dom.js";

export const statuses = { new: "Novo", open: "Aberto", pending: "Pendente", hold: "Em espera", solved: "Resolvido", closed: "Fechado" };

export const priorities = { "": "–", low: "Baixa", normal: "Normal", high: "Alta", urgent: "Urgente" };

export const types = { "": "–", question: "Pergunta", incident: "Incidente", problem: "Problema", task: "Tarefa" };

const channels = { web: "painel", email: "e-mail", api: "integração", rule: "regra automática", whatsapp: "WhatsApp" };

const roles = { admin: "administração", agent: "agente", "end-user": "cliente" };

/** channelName says by which way something came. */
export function channelName(channel) {
  return channels[channel] ?? channel;
}

/** roleName says what somebody is. */
export function roleName(role) {
  return roles[role] ?? role;
}

/** pill shows a status. */
export function pill(status) {
  return el("span", { class: `pill status-${status in statuses ? status : "other"}` }, statuses[status] ?? status);
}

/** levels spells a drop-down option's name, whose levels are parted by two colons. */
export function levels(name) {
  return name.split("::").join(" › ");
}

/** fieldValue returns a ticket's custom field by its title, "" when it is empty or unknown. */
export function fieldValue(ticket, fields, title) {
  const field = fields.find((one) => one.title === title);
  const value = field && (ticket.custom_fields ?? []).find((one) => one.id === field.id)?.value;
  return value === null || value === undefined || value === false ? "" : String(value);
}
