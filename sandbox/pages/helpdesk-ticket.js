// One open ticket: header, conversation, composer, and at its side properties and requester.

import { el, fill, icon, iconButton, unseen } from "./dom.js";
import { openComments } from "./helpdesk-comments.js";
import { openComposer } from "./helpdesk-composer.js";
import { answerAsCustomer } from "./helpdesk-customer.js";
import { choosePerson } from "./helpdesk-choose.js";
import { showMails } from "./helpdesk-mails.js";
import { Draft } from "./helpdesk-draft.js";
import { openPerson } from "./helpdesk-person.js";
import { openProperties } from "./helpdesk-properties.js";
import { channelName, fieldValue, pill } from "./helpdesk-words.js";
import { keep, kept } from "./memory.js";
import { soon } from "./server.js";
import { fullTime, phoneNumber, since } from "./times.js";
import { note, openMenu } from "./widgets.js";

/**
 * openTicket builds the ticket's page around its draft; opened is told the ticket whenever it was read. It returns its node, id,
 * `refresh()`, `write(public)`, `takeIt()`, `close()`.
 */
export function openTicket(desk, id, { opened, draft = new Draft(desk.me.id, id) }) {
  let ticket = null;

  const subject = el("input", { class: "subject", "aria-label": "Assunto", autocomplete: "off", maxlength: "300" });
  const facts = el("div", { class: "facts" });
  const more = iconButton("more", "Mais ações do ticket", {
    "aria-haspopup": "menu",
    onclick: () => openMenu(more, "Ações do ticket", actions()),
  });
  const head = el(
    "header",
    { class: "ticket-head" },
    el("a", { class: "icon-button to-list", href: "#/", "aria-label": "Voltar à lista", title: "Voltar à lista" }, icon("back")),
    el("div", { class: "ticket-title" }, subject, facts),
    more,
  );
  const comments = openComments(desk, id, { again: () => desk.attempt(read), changed: () => refresh() });
  const person = openPerson(desk);
  const properties = openProperties(desk, draft, {
    takeIt: () => desk.attempt(takeIt),
    copy: (moves) => desk.attempt(async () => show(await write({ email_ccs: moves }))),
  });
  const composer = openComposer(desk, draft, { send, apply, asCustomer });
  const about = el("dl", { class: "company about" });
  const fold = el("button", { type: "button", class: "side-toggle", onclick: () => unfold(!kept("details", false)) });
  const side = el(
    "aside",
    { class: "ticket-side", "aria-label": "Propriedades e solicitante" },
    properties.node,
    fold,
    el("div", { class: "side-rest" }, person.node, el("section", { class: "person", "aria-label": "Sobre o ticket" }, el("h3", {}, "Sobre o ticket"), about)),
  );
  const node = el(
    "section",
    { class: "ticket", "aria-label": `Ticket ${id}` },
    head,
    comments.node,
    composer.node,
    side,
  );

  /** unfold shows or hides what does not fit beside a narrow conversation. */
  function unfold(open) {
    keep("details", open);
    side.classList.toggle("open", open);
    fold.setAttribute("aria-expanded", String(open));
    fill(fold, open ? "Menos detalhes" : "Tags, cópias, campos e solicitante", icon("down"));
  }
  unfold(kept("details", false));

  async function read() {
    show(await desk.get(`/tickets/${id}?last=${comments.last}`));
  }

  const write = (body) => desk.put(`/tickets/${id}?last=${comments.last}`, body);

  function show(answer) {
    const whose = ticket?.requester?.id,
      copied = ticket?.updated_at;
    ticket = answer.ticket;
    if (document.activeElement !== subject || !("subject" in draft.values)) subject.value = draft.values.subject ?? ticket.subject;
    subject.classList.toggle("dirty", "subject" in draft.values);
    subject.disabled = ticket.status === "closed";
    heading();
    properties.show(ticket);
    composer.show(ticket);
    comments.show(answer);
    if (whose !== ticket.requester?.id || copied !== ticket.updated_at) desk.attempt(() => person.show(ticket));
    opened(ticket);
  }

  function heading() {
    const who = ticket.requester,
      org = ticket.organization;
    const owes = org?.organization_fields?.pendencia_financeira === "sim";
    fill(
      facts,
      pill(ticket.status),
      el("span", { class: "number" }, `#${ticket.id}`),
      el(
        "span",
        { class: "who", title: who?.email ?? "" },
        icon("person"),
        unseen("Solicitante: "),
        who?.name ?? "sem solicitante",
        who?.phone && el("span", { class: "soft" }, phoneNumber(who.phone.replace(/\D/g, ""))),
      ),
      org && el("span", { class: "org" }, unseen("Organização: "), org.name),
      owes && el("span", { class: "owes" }, icon("warn"), "Pendência financeira"),
    );
    const session = fieldValue(ticket, desk.fields, "Sessão WhatsApp");
    const opened = new Date(ticket.created_at);
    fill(
      about,
      el("dt", {}, "Aberto"),
      el("dd", { title: fullTime(opened) }, `${since(opened)}, por ${channelName(ticket.via?.channel ?? "")}`),
      session && [el("dt", {}, "Sessão"), el("dd", {}, el("code", { title: session }, session))],
      ticket.external_id && [el("dt", {}, "ID externo"), el("dd", {}, el("code", { title: ticket.external_id }, ticket.external_id))],
    );
  }

  subject.addEventListener("input", () => {
    draft.put("values", "subject", subject.value, ticket.subject);
    subject.classList.toggle("dirty", "subject" in draft.values);
  });
  draft.changed(() => {
    properties.refresh();
    if (ticket && document.activeElement !== subject) {
      subject.value = draft.values.subject ?? ticket.subject;
      subject.classList.toggle("dirty", "subject" in draft.values);
    }
  });

  async function send(status) {
    if (draft.empty && status === ticket.status) throw new Error("Nada a enviar: escreva um comentário ou mude alguma coisa.");
    const sent = draft.html;
    const answer = await write(draft.body(status));
    draft.clear(sent);
    comments.toEnd();
    show(answer);
    desk.changed();
  }

  /** takeIt assigns the ticket to whoever sits here, at once; the rest of the draft stays unsent. */
  async function takeIt() {
    if (!ticket || ticket.assignee_id === desk.me.id) return;
    const answer = await write({ assignee_id: desk.me.id });
    delete draft.values.assignee_id;
    delete draft.values.group_id;
    draft.set({});
    show(answer);
    desk.changed();
  }

  /** apply puts into the draft what a macro would change. */
  async function apply(macro) {
    const { result } = await desk.get(`/tickets/${id}/macros/${macro.id}`);
    const next = result.ticket;
    for (const name of ["subject", "group_id", "assignee_id", "organization_id", "priority", "type"]) {
      if (next[name] !== ticket[name]) draft.put("values", name, next[name], ticket[name]);
    }
    const own = (draft.values.tags ?? ticket.tags).filter((tag) => next.tags.includes(tag) || !ticket.tags.includes(tag));
    draft.put("values", "tags", [...own, ...next.tags.filter((tag) => !own.includes(tag) && !ticket.tags.includes(tag))], ticket.tags);
    for (const one of next.custom_fields ?? []) {
      const before = ticket.custom_fields.find((f) => f.id === one.id)?.value ?? null;
      if (JSON.stringify(one.value) !== JSON.stringify(before)) draft.put("fields", one.id, one.value, before);
    }
    const change = {};
    if (next.status !== ticket.status) change.status = next.status;
    if (next.comment) {
      change.html = [draft.html, next.comment.html_body].filter(Boolean).join("<br>");
      change.public = next.comment.public;
    }
    draft.set(change);
    note(`Macro aplicada: ${macro.title}. Confira e envie.`);
    composer.focus();
  }

  function asCustomer() {
    if (!ticket) return;
    answerAsCustomer(desk, ticket, (answer) => {
      comments.toEnd();
      show(answer);
      desk.changed();
    });
  }

  /** changeRequester gives the ticket to another customer at once; who asked before can stay in copy. */
  function changeRequester() {
    const before = ticket.requester;
    const stay = el("input", { type: "checkbox", name: "stay" });
    choosePerson(desk, {
      title: "Trocar o solicitante",
      button: "Trocar",
      more: before?.email ? el("label", { class: "check" }, stay, el("span", {}, `Manter ${before.name} em cópia (e-mail)`)) : null,
      chosen: async (person) => {
        const copies = stay.checked ? { email_ccs: [{ user_id: before.id, action: "put" }] } : {};
        show(await write({ requester_id: person, ...copies }));
        desk.changed();
      },
    });
  }

  function actions() {
    const closed = !ticket || ticket.status === "closed";
    return [
      {
        label: "Copiar número do ticket",
        icon: "copy",
        disabled: !navigator.clipboard,
        act: () =>
          navigator.clipboard.writeText(String(id)).then(
            () => note("Número copiado."),
            () => note("Não foi possível copiar.", true),
          ),
      },
      { label: "Atribuir a mim", icon: "person", disabled: closed || ticket.assignee_id === desk.me.id, act: () => desk.attempt(takeIt) },
      { label: "Trocar o solicitante…", icon: "person", disabled: closed, act: changeRequester },
      { label: "Responder como cliente (e-mail)…", icon: "mail", disabled: closed, act: asCustomer },
      { label: "E-mails enviados pela conta…", icon: "list", act: () => desk.attempt(() => showMails(id)) },
    ];
  }

  const refresh = soon(() => desk.attempt(read), 30);
  refresh();
  return {
    node,
    id,
    refresh,
    age: () => ticket && heading(),
    write: (open) => ticket && ticket.status !== "closed" && composer.write(open),
    takeIt: () => desk.attempt(takeIt),
    close: () => {
      draft.unheard();
      composer.close();
    },
  };
}
