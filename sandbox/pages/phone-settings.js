// The phone's settings: what the business sees of its owner, its switches, and what can happen to a number.

import { el } from "./dom.js";
import { askOne } from "./phone-forms.js";
import { phoneNumber } from "./times.js";
import { field, openDialog, toggle } from "./widgets.js";

const errors = [
  [0, "nenhum: tudo chega"],
  [131026, "131026 – não pôde ser entregue"],
  [131047, "131047 – fora das 24 horas"],
  [130403, "130403 – cliente bloqueado"],
  [131042, "131042 – problema de pagamento"],
  [131053, "131053 – arquivo não processado"],
  [131049, "131049 – retido por engajamento"],
  [131050, "131050 – não quer promoções"],
  [131056, "131056 – mensagens demais para este cliente"],
  [130429, "130429 – mensagens demais do número"],
  [131000, "131000 – algo deu errado"],
  [131016, "131016 – serviço fora do ar"],
  [190, "190 – token inválido"],
  [368, "368 – conta bloqueada"],
];

const ways = [
  ["", "do jeito usual"],
  ["answer", "já na resposta"],
  ["status", "depois, no status"],
];

function select(name, label, pairs, chosen, change) {
  const control = el(
    "select",
    { name, onchange: () => change(control.value) },
    pairs.map(([value, text]) => el("option", { value: String(value) }, text)),
  );
  control.value = String(chosen);
  return field(label, control);
}

function seen(customer) {
  if (customer.gone) return "nada: este número é de outra pessoa agora";
  return customer.hides_phone ? "só o identificador, sem telefone" : "telefone e nome";
}

/**
 * openSettings shows a customer's data and switches. acts: set(change) changes the customer, say(what, body, done) has the
 * customer do something and may throw, attempt(act) shows what went wrong, all and setAll(on) are the page's own switch.
 */
export function openSettings(customer, acts) {
  const fact = (name, value) => value && [el("dt", {}, name), el("dd", {}, value)];
  const known = errors.some(([code]) => code === customer.fail_code);
  const list = known ? errors : [...errors, [customer.fail_code, `${customer.fail_code}`]];
  const dialog = openDialog({
    title: customer.name,
    body: [
      el(
        "dl",
        { class: "facts" },
        fact("Telefone", phoneNumber(customer.phone)),
        fact("Usuário", customer.username && `@${customer.username}`),
        fact("A empresa vê", seen(customer)),
        fact("Identificador", customer.bsuid),
        fact("Identificador-mãe", customer.parent_bsuid),
        fact("Promoções", customer.stops_ads && "paradas pelo cliente"),
      ),
      el("h3", {}, "Chaves"),
      toggle("Ler automaticamente o que chega", customer.auto_read, (on) => acts.set({ auto_read: on })),
      toggle("Enviar confirmações de leitura", !customer.no_receipts, (on) => acts.set({ no_receipts: !on })),
      toggle("Celular com conexão", !customer.offline, (on) => acts.set({ offline: !on })),
      customer.username && toggle("Telefone visível para a empresa", !customer.hides_phone, (on) => acts.set({ hides_phone: !on })),
      toggle("Mostrar também o que não chegou ao celular", acts.all, acts.setAll),
      el("h3", {}, "O que a empresa envia falha com"),
      el(
        "div",
        { class: "field-pair" },
        select("fail", "Erro", list, customer.fail_code, (code) => acts.set({ fail_code: Number(code) })),
        select("way", "A empresa sabe", ways, customer.fail_way, (way) => acts.set({ fail_way: way })),
      ),
      !customer.gone && el("h3", {}, "O que pode acontecer"),
      !customer.gone && el("div", { class: "deeds" }, deeds(customer, acts, () => dialog.close())),
    ],
  });
}

function deeds(customer, acts, close) {
  const deed = (label, act) =>
    el(
      "button",
      {
        type: "button",
        onclick: () => {
          close();
          act();
        },
      },
      label,
    );
  const now = (...all) => acts.attempt(() => acts.say(...all));
  return [
    deed("Trocar de número…", () =>
      askOne(
        { title: "Trocar de número", button: "Trocar", label: "Novo telefone", type: "tel", value: "+55 ", hint: "O identificador também muda." },
        (phone) => acts.say("change-number", { phone }, "O número mudou."),
      ),
    ),
    customer.bsuid && deed("Mudar o identificador", () => now("change-id", {}, "O identificador mudou.")),
    deed("Passar o número a outra pessoa…", () =>
      askOne({ title: "Outra pessoa fica com o número", button: "Passar", label: "Nome da nova pessoa" }, (name) =>
        acts.say("recycle", { name }, `${name} tem este número agora.`),
      ),
    ),
    deed("Compartilhar o telefone", () => now("share-phone", {}, "O telefone foi compartilhado.")),
    customer.stops_ads
      ? deed("Voltar a receber promoções", () => now("preferences", { value: "resume" }, "Promoções ligadas."))
      : deed("Parar promoções", () => now("preferences", { value: "stop" }, "Promoções paradas.")),
  ];
}
