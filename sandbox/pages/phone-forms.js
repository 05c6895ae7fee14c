// The phone's dialogs: a new customer, a place, a contact card, the choice from a list, the phone's settings.

import { el } from "./dom.js";
import { phoneNumber } from "./times.js";
import { field, openDialog, toggle } from "./widgets.js";

/** askCustomer asks for a new customer; save gets {name, phone, username}. */
export function askCustomer(save) {
  openDialog({
    title: "Novo cliente",
    button: "Criar",
    body: [
      field("Nome", el("input", { name: "name", required: true, maxlength: "80", autocomplete: "off" })),
      field(
        "Telefone",
        el("input", { name: "phone", type: "tel", required: true, value: "+55 ", autocomplete: "off" }),
        "Com DDI e DDD, como +55 11 98765-4321",
      ),
      field(
        "Nome de usuário (opcional)",
        el("input", { name: "username", maxlength: "40", autocomplete: "off", placeholder: "@nome.usuario" }),
        "Quem tem nome de usuário não mostra o telefone à empresa.",
      ),
    ],
    send: (fields) => save({ name: fields.name.trim(), phone: fields.phone.trim(), username: fields.username.trim().replace(/^@/, "") }),
  });
}

const places = [
  { name: "Mercado Municipal", address: "R. da Cantareira, 306 – São Paulo, SP", latitude: -23.5417, longitude: -46.6297 },
  { name: "Praça da Liberdade", address: "Belo Horizonte, MG", latitude: -19.9319, longitude: -43.938 },
  { name: "Porto de Santos", address: "Santos, SP", latitude: -23.9543, longitude: -46.3095 },
  { name: "Mercado Público", address: "Porto Alegre, RS", latitude: -30.0277, longitude: -51.2287 },
];

/** askPlace asks for a place; send gets the location's content. */
export function askPlace(send) {
  const input = (name, more) => el("input", { name, autocomplete: "off", ...more });
  const name = input("name"),
    address = input("address");
  const latitude = input("latitude", { required: true, inputmode: "decimal" }),
    longitude = input("longitude", { required: true, inputmode: "decimal" });
  const take = (place) => {
    name.value = place.name;
    address.value = place.address;
    latitude.value = place.latitude;
    longitude.value = place.longitude;
  };
  const choice = el(
    "select",
    { onchange: () => places[choice.value] && take(places[choice.value]) },
    places.map((place, at) => el("option", { value: String(at) }, place.name)),
    el("option", { value: "own" }, "Outro lugar"),
  );
  choice.value = "0";
  take(places[0]);
  openDialog({
    title: "Enviar localização",
    button: "Enviar",
    body: [
      field("Lugar", choice),
      field("Nome", name),
      field("Endereço", address),
      el("div", { class: "field-pair" }, field("Latitude", latitude), field("Longitude", longitude)),
    ],
    send: (fields) => {
      const content = { latitude: degrees(fields.latitude), longitude: degrees(fields.longitude) };
      if (fields.name.trim()) content.name = fields.name.trim();
      if (fields.address.trim()) content.address = fields.address.trim();
      return send(content);
    },
  });
}

function degrees(text) {
  const number = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(number)) throw new Error("Latitude e longitude são números, como -23,5505.");
  return number;
}

/** contactCard is the content of a contact card. */
export function contactCard(name, phone, company) {
  const [first, ...rest] = name.split(/\s+/);
  const card = { name: { formatted_name: name, first_name: first } };
  if (rest.length > 0) card.name.last_name = rest.join(" ");
  if (phone) card.phones = [{ phone, type: "CELL", wa_id: phone.replace(/\D/g, "") }];
  if (company) card.org = { company };
  return [card];
}

/** askContact asks for a contact card; send gets its content. */
export function askContact(send) {
  openDialog({
    title: "Enviar cartão de contato",
    button: "Enviar",
    body: [
      field("Nome", el("input", { name: "name", required: true, value: "Carla Menezes", autocomplete: "off" })),
      field("Telefone", el("input", { name: "phone", type: "tel", value: "+55 11 97654-3210", autocomplete: "off" })),
      field("Empresa", el("input", { name: "company", autocomplete: "off" })),
    ],
    send: (fields) => {
      if (!fields.name.trim()) throw new Error("O nome é necessário.");
      return send(contactCard(fields.name.trim(), fields.phone.trim(), fields.company.trim()));
    },
  });
}

/** askRow shows a list message's rows; send gets the chosen {id, title, description?}. */
export function askRow(message, send) {
  const rows = [];
  const sections = message.content.action.sections.map((section) =>
    el(
      "fieldset",
      {},
      section.title && el("legend", {}, section.title),
      section.rows.map((row) => {
        const at = rows.push(row) - 1;
        return el(
          "label",
          { class: "row" },
          el("input", { type: "radio", name: "row", value: String(at), required: true }),
          el("span", {}, el("strong", {}, row.title), row.description && el("small", {}, row.description)),
        );
      }),
    ),
  );
  openDialog({ title: message.content.action.button, button: "Enviar", body: sections, send: (fields) => send(rows[Number(fields.row)]) });
}

/** showSettings shows a customer's data and switches. set gets {auto_read} or {no_receipts}; all(bool) the page's own. */
export function showSettings(customer, { set, all, setAll }) {
  const fact = (name, value) => value && [el("dt", {}, name), el("dd", {}, value)];
  openDialog({
    title: customer.name,
    body: [
      el(
        "dl",
        { class: "facts" },
        fact("Telefone", phoneNumber(customer.phone)),
        fact("Usuário", customer.username && `@${customer.username}`),
        fact("Visto pela empresa", customer.hides_phone ? "só o identificador, sem telefone" : "telefone e nome"),
        fact("Identificador", customer.bsuid),
      ),
      toggle("Ler automaticamente o que chega", customer.auto_read, (on) => set({ auto_read: on })),
      toggle("Enviar confirmações de leitura", !customer.no_receipts, (on) => set({ no_receipts: !on })),
      toggle("Mostrar também o que não chegou ao celular", all, setAll),
    ],
  });
}
