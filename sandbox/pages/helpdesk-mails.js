// The e-mails that the account's triggers sent about a ticket: what customers and agents would have got.

import { el } from "./dom.js";
import { call } from "./server.js";
import { fullTime } from "./times.js";
import { openDialog } from "./widgets.js";

/** showMails lists a ticket's e-mails, the latest first. */
export async function showMails(ticket) {
  const mails = await call("GET", `/sandbox/control/mails?ticket_id=${ticket}`);
  const list = mails.reverse().map((one) =>
    el(
      "li",
      {},
      el("p", { class: "mail-head" }, el("strong", {}, one.to), one.cc && el("span", { class: "soft" }, "em cópia"), el("time", { class: "soft", datetime: one.at }, fullTime(new Date(one.at)))),
      el("p", {}, one.subject),
      el("p", { class: "mail-body" }, one.body),
      el("p", { class: "soft" }, `Gatilho: ${one.trigger}`),
    ),
  );
  openDialog({
    title: "E-mails enviados pela conta",
    wide: true,
    body: [
      el("p", { class: "soft" }, "É uma simulação: nada sai desta máquina."),
      list.length > 0 ? el("ul", { class: "mail-list" }, list) : el("p", {}, "Nenhum e-mail sobre este ticket."),
    ],
  });
}
