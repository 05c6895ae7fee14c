// The customer's answer by another channel than WhatsApp: e-mail or portal, with files.

import { el, fill } from "./dom.js";
import { openUploads } from "./helpdesk-uploads.js";
import { field, openDialog } from "./widgets.js";

/** answerAsCustomer opens the form; done gets the ticket as it is afterwards. */
export function answerAsCustomer(desk, ticket, done) {
  const people = [ticket.requester, ...(ticket.email_cc_users ?? [])].filter(Boolean);
  let files = [];
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const uploads = openUploads({
    send: (file) => desk.upload(file),
    list: () => files,
    set: (list) => {
      files = list;
      uploads.refresh();
    },
    problem: (text) => {
      problem.textContent = text;
      problem.hidden = false;
    },
  });
  const who = el("select", { name: "user_id" });
  fill(
    who,
    people.map((one, at) => el("option", { value: String(one.id) }, at === 0 ? `${one.name} (solicitante)` : `${one.name} (em cópia)`)),
  );
  const way = el("select", { name: "channel" }, el("option", { value: "email" }, "E-mail"), el("option", { value: "web" }, "Portal"));
  const dialog = openDialog({
    title: "Responder como cliente",
    button: "Enviar como cliente",
    wide: true,
    body: [
      el("div", { class: "field-pair" }, field("Quem escreve", who), field("Por onde", way)),
      field(
        "Mensagem",
        el("textarea", { name: "body", rows: "5" }),
        "Chega ao ticket como se a pessoa respondesse à notificação: o atendimento pelo WhatsApp não a recebe.",
      ),
      uploads.node,
      uploads.picker,
      problem,
      el("button", { type: "button", class: "link attach-link", onclick: uploads.pick }, "Anexar arquivos…"),
    ],
    send: async (fields) => {
      done(
        await desk.post(`/tickets/${ticket.id}/customer`, {
          body: fields.body,
          channel: fields.channel,
          user_id: Number(fields.user_id),
          uploads: files.map((one) => one.token),
        }),
      );
    },
  });
  uploads.catcher(dialog);
  dialog.querySelector("textarea").focus();
}
