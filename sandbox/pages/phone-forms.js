// What the phone asks for: a new customer, a place, a card, other words, an order, a choice from a list.

import { el } from "./dom.js";
import { openSheet } from "./phone-menu.js";
import { price } from "./phone-words.js";
import { field, openDialog } from "./widgets.js";

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
function contactCard(name, phone, company) {
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

/** askRow shows a list message's rows in a sheet; send gets the chosen {id, title, description?}. */
export function askRow(message, send) {
  const action = message.content.action;
  const sections = action.sections.map((section) =>
    el(
      "div",
      { role: "group", "aria-label": section.title || action.button },
      section.title && el("h3", {}, section.title),
      section.rows.map((row) =>
        el(
          "button",
          {
            type: "button",
            class: "row",
            onclick: () => {
              close();
              send(row);
            },
          },
          el("strong", {}, row.title),
          row.description && el("small", {}, row.description),
        ),
      ),
    ),
  );
  const close = openSheet(action.button, sections);
}

/** askWords asks for a message's words anew; send gets them. */
export function askWords(words, send) {
  openDialog({
    title: "Editar mensagem",
    button: "Salvar",
    body: field("Texto", el("textarea", { name: "words", rows: "4", required: true, maxlength: "4096", value: words })),
    send: (fields) => {
      if (!fields.words.trim()) throw new Error("O texto é necessário.");
      return send(fields.words);
    },
  });
}

/** askOne asks for a single text; send gets it without spaces around. */
export function askOne({ title, button, label, value, hint, type = "text" }, send) {
  openDialog({
    title,
    button,
    body: field(label, el("input", { name: "one", type, required: true, value, autocomplete: "off" }), hint),
    send: (fields) => send(fields.one.trim()),
  });
}

const products = [
  ["CAFE-500", "Café torrado 500 g", 18.9],
  ["ACUCAR-5K", "Açúcar cristal 5 kg", 21.5],
  ["OLEO-900", "Óleo de soja 900 ml", 7.49],
];

/** askOrder asks what is ordered from the catalogue; send gets the order's content. */
export function askOrder(send) {
  openDialog({
    title: "Pedido do catálogo",
    button: "Enviar pedido",
    body: [
      products.map(([id, name, cost], at) =>
        field(`${name} (${price(cost, "BRL")})`, el("input", { name: id, type: "number", min: "0", max: "999", value: at === 0 ? "2" : "0" })),
      ),
      field("Observação", el("input", { name: "text", autocomplete: "off" })),
    ],
    send: (fields) => {
      const items = products
        .filter(([id]) => Number(fields[id]) > 0)
        .map(([id, , cost]) => ({ product_retailer_id: id, quantity: Number(fields[id]), item_price: cost, currency: "BRL" }));
      if (items.length === 0) throw new Error("Escolha pelo menos um produto.");
      return send({ catalog_id: "194836987003835", text: fields.text.trim(), product_items: items });
    },
  });
}

/** askForm asks for the answers of a form; send gets the content of an interactive message. */
export function askForm(send) {
  openDialog({
    title: "Responder formulário",
    button: "Enviar",
    body: [
      field("CNPJ", el("input", { name: "cnpj", value: "11.222.333/0001-81", autocomplete: "off" })),
      field("Assunto", el("input", { name: "assunto", value: "Emissão de nota", autocomplete: "off" })),
    ],
    send: (fields) => {
      const reply = JSON.stringify({ flow_token: "exemplo", cnpj: fields.cnpj.trim(), assunto: fields.assunto.trim() });
      return send({ type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: reply } });
    },
  });
}

/** askSize asks how large a computed file is; send gets its bytes. */
export function askSize(send) {
  openDialog({
    title: "Arquivo grande",
    button: "Enviar",
    body: field(
      "Tamanho em MB",
      el("input", { name: "size", type: "number", min: "1", max: "1024", required: true, value: "30" }),
      "O conteúdo é gerado na leitura. Acima de 100 MB a empresa recebe só um aviso.",
    ),
    send: (fields) => send(Number(fields.size) * 1024 * 1024),
  });
}

const defects = [
  ["size", "Tamanho declarado menor que o real", { file_size: 5 }],
  ["mime", "Tipo declarado: imagem", { mime_type: "image/png" }],
  ["sha", "Soma SHA-256 errada", { wrong_sha256: true }],
  ["url", "Endereço que leva para dentro da rede", { url: "http://169.254.169.254/latest/meta-data" }],
  ["none", "Sem endereço no webhook", { no_url: true }],
  ["name", "Nome de arquivo hostil", {}],
];

/** askDefect asks what WhatsApp tells wrongly of a file; send gets the declaration and the file's name. */
export function askDefect(send) {
  openDialog({
    title: "Documento com defeito",
    button: "Enviar",
    body: field(
      "Defeito",
      el(
        "select",
        { name: "defect" },
        defects.map(([id, label]) => el("option", { value: id }, label)),
      ),
    ),
    send: (fields) => {
      const [id, , declare] = defects.find(([one]) => one === fields.defect);
      return send(declare, id === "name" ? "../../etc/=cmd|'/C calc'!A1\u202efdp.exe" : "contrato.pdf");
    },
  });
}
