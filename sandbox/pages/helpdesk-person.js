// The requester at a ticket's side: how they can be reached, their company, and their other tickets.

import { el, fill, icon } from "./dom.js";
import { drawing } from "./helpdesk-icons.js";
import { pill, roleName } from "./helpdesk-words.js";
import { phoneNumber, since } from "./times.js";

const kinds = { email: "E-mail", phone_number: "Telefone", twitter: "X", facebook: "Facebook", google: "Google", messaging: "Mensagens" };

/** openPerson builds the card. It returns its node and `show(ticket)`, which reads again who the requester is. */
export function openPerson(desk) {
  const node = el("section", { class: "person", "aria-label": "Solicitante" });
  let asked = 0;

  async function show(ticket) {
    const id = ticket.requester?.id;
    if (!id) {
      fill(node);
      return;
    }
    const mine = ++asked;
    const answer = await desk.get(`/users/${id}`);
    if (mine === asked) draw(answer, ticket);
  }

  function draw({ user, identities, organization, tickets, ticket_count: count }, ticket) {
    const others = tickets.filter((one) => one.id !== ticket.id).slice(0, 5);
    fill(
      node,
      el("h3", {}, "Solicitante"),
      el("p", { class: "person-name" }, el("strong", {}, user.name), el("span", { class: "soft" }, roleName(user.role))),
      el(
        "ul",
        { class: "identities" },
        identities.map((one) =>
          el(
            "li",
            { title: kinds[one.type] ?? one.type },
            one.type === "email" ? icon("mail") : one.type === "phone_number" ? drawing("phone") : icon("person"),
            el("span", {}, one.type === "phone_number" && one.value.startsWith("+") ? phoneNumber(one.value.slice(1)) : one.value),
            one.primary && identities.filter((other) => other.type === one.type).length > 1 && el("span", { class: "soft" }, "principal"),
          ),
        ),
        user.external_id && el("li", { title: "Identificação externa" }, icon("person"), el("code", {}, user.external_id)),
      ),
      organization && company(organization),
      el("h3", {}, count > 1 ? `Outros tickets (${count - 1})` : "Outros tickets"),
      others.length === 0
        ? el("p", { class: "soft" }, "Nenhum.")
        : el(
            "ul",
            { class: "other-tickets" },
            others.map((one) =>
              el(
                "li",
                {},
                el("a", { href: `#/ticket/${one.id}` }, pill(one.status), el("span", {}, one.subject || "(sem assunto)")),
                el("span", { class: "soft" }, since(new Date(one.updated_at))),
              ),
            ),
          ),
    );
  }

  function company(one) {
    const values = one.organization_fields ?? {};
    const debt = { sim: "Sim", não: "Não" }[values.pendencia_financeira] ?? "não informada";
    return [
      el("h3", {}, "Organização"),
      el("p", { class: "person-name" }, drawing("building"), el("strong", {}, one.name)),
      el(
        "dl",
        { class: "company" },
        el("dt", {}, "CNPJ"),
        el("dd", {}, values.cnpj || "–"),
        el("dt", { title: "Pendência financeira" }, "Pendência"),
        el("dd", { class: debt === "Sim" ? "owing" : null }, debt),
      ),
    ];
  }

  return { node, show };
}
