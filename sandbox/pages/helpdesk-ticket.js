// One open ticket: header, properties, comments and composer.

import { arrange, avatar, el, fill, icon, iconButton, unseen } from "./dom.js";
import { openComposer } from "./helpdesk-composer.js";
import { Draft } from "./helpdesk-draft.js";
import { local, safe } from "./helpdesk-html.js";
import { openProperties } from "./helpdesk-properties.js";
import { channelName, fieldValue, pill, roleName } from "./helpdesk-words.js";
import { soon } from "./server.js";
import { fullTime, phoneNumber, since } from "./times.js";
import { field, note, openDialog, openMenu } from "./widgets.js";

const near = 90; // pixels from the end that still count as reading the newest comment

/** openTicket builds the ticket's page. It returns its node, id, and `refresh()`. */
export function openTicket(desk, id, opened) {
  const draft = new Draft(desk.me.id, id);
  let ticket = null,
    stick = true,
    below = 0;

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
  const list = el("ol", { class: "comments" });
  const log = el("div", { class: "log", role: "log", tabindex: "0", "aria-label": "Comentários" }, list);
  const jump = el("button", {
    type: "button",
    class: "jump",
    hidden: true,
    onclick: () => {
      log.scrollTop = log.scrollHeight;
    },
  });
  const properties = openProperties(desk, draft, () => desk.attempt(takeIt));
  const composer = openComposer(desk, draft, { send, apply });
  const node = el(
    "section",
    { class: "ticket", "aria-label": `Ticket ${id}` },
    head,
    properties.node,
    el("div", { class: "log-frame" }, log, jump),
    composer.node,
  );
  const drawn = new Map();

  async function read() {
    show(await desk.get(`/tickets/${id}`));
  }

  function show(answer) {
    const first = ticket === null;
    ticket = answer.ticket;
    if (document.activeElement !== subject || !("subject" in draft.values)) subject.value = draft.values.subject ?? ticket.subject;
    subject.classList.toggle("dirty", "subject" in draft.values);
    subject.disabled = ticket.status === "closed";
    heading();
    properties.show(ticket);
    composer.show(ticket);
    comments(answer.comments, first);
    opened(ticket);
  }

  function heading() {
    const who = ticket.requester,
      org = ticket.organization;
    const cnpj = org?.organization_fields?.cnpj,
      owes = org?.organization_fields?.pendencia_financeira === "sim";
    const session = fieldValue(ticket, desk.fields, "Sessão WhatsApp");
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
      org && el("span", { class: "org" }, unseen("Organização: "), org.name, cnpj && el("span", { class: "soft" }, cnpj)),
      owes && el("span", { class: "owes" }, icon("warn"), "Pendência financeira"),
      session && code("Sessão", session),
      ticket.external_id && code("ID externo", ticket.external_id),
      el(
        "span",
        { class: "soft", title: fullTime(new Date(ticket.created_at)) },
        `aberto ${since(new Date(ticket.created_at))} por ${channelName(ticket.via?.channel ?? "")}`,
      ),
    );
  }

  function code(name, value) {
    return el("span", { class: "code", title: value }, el("span", { class: "soft" }, `${name} `), el("code", {}, value));
  }

  function comments(items, first) {
    stick = first || atEnd();
    const before = drawn.size;
    for (const id of drawn.keys()) if (!items.some((one) => one.id === id)) drawn.delete(id);
    arrange(list, items.map(comment));
    if (stick) log.scrollTop = log.scrollHeight;
    else below += Math.max(0, drawn.size - before);
    settle();
  }

  function comment(item) {
    const text = JSON.stringify(item),
      old = drawn.get(item.id);
    if (old?.text === text) return old.node;
    const author = item.author ?? { name: "Sistema", role: "" },
      at = new Date(item.created_at),
      staff = author.role !== "end-user";
    const made = el(
      "li",
      { class: `comment ${item.public ? "public" : "internal"} ${staff ? "staff" : "customer"}` },
      avatar(author.name),
      el(
        "article",
        {},
        el(
          "header",
          {},
          el("strong", {}, author.name),
          el("span", { class: "soft" }, roleName(author.role)),
          el("span", { class: "visibility" }, item.public ? "Público" : [icon("lock"), "Nota interna"]),
          el(
            "span",
            { class: "soft when" },
            `por ${channelName(item.channel)} · `,
            el("time", { datetime: item.created_at, title: fullTime(at) }, fullTime(at)),
          ),
        ),
        el("div", { class: "comment-body", dir: "auto" }, safe(item.html_body || "")),
        item.attachments?.length > 0 && el("ul", { class: "attachments" }, item.attachments.map(attachment)),
      ),
    );
    drawn.set(item.id, { text, node: made });
    return made;
  }

  function attachment(item) {
    const href = local(item.content_url);
    const size =
      item.size < 1024
        ? `${item.size} B`
        : item.size < 1048576
          ? `${Math.round(item.size / 1024)} KB`
          : `${(item.size / 1048576).toFixed(1).replace(".", ",")} MB`;
    const kind = item.content_type.split("/")[0];
    const label = [item.file_name, el("span", { class: "soft" }, ` ${size}`)];
    if (!href) return el("li", {}, icon("file"), label);
    if (kind === "audio")
      return el(
        "li",
        { class: "player" },
        el("audio", { src: href, controls: true, preload: "none", "aria-label": item.file_name }),
        el("a", { href, target: "_blank", rel: "noopener" }, label),
      );
    return el(
      "li",
      {},
      el(
        "a",
        { href, target: "_blank", rel: "noopener" },
        kind === "image" ? el("img", { src: href, alt: "", loading: "lazy" }) : icon("file"),
        el("span", {}, label),
      ),
    );
  }

  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < near;
  const settle = () => {
    if (atEnd()) below = 0;
    jump.hidden = below === 0;
    fill(jump, icon("down"), below === 1 ? "1 comentário novo" : `${below} comentários novos`);
  };
  log.addEventListener(
    "scroll",
    () => {
      stick = atEnd();
      settle();
    },
    { passive: true },
  );
  new ResizeObserver(() => {
    if (stick) log.scrollTop = log.scrollHeight;
  }).observe(log);
  log.addEventListener(
    "load",
    () => {
      if (stick) log.scrollTop = log.scrollHeight;
    },
    true,
  );

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
    const text = draft.text;
    const answer = await desk.put(`/tickets/${id}`, draft.body(status));
    draft.clear(text);
    stick = true;
    log.scrollTop = log.scrollHeight;
    show(answer);
    desk.changed();
  }

  /** takeIt assigns the ticket to whoever sits here, at once; the rest of the draft stays unsent. */
  async function takeIt() {
    const answer = await desk.put(`/tickets/${id}`, { assignee_id: desk.me.id });
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
    for (const name of ["subject", "group_id", "assignee_id", "priority", "type"]) {
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
      change.text = [draft.text.trimEnd(), next.comment.body].filter(Boolean).join("\n\n");
      change.public = next.comment.public;
    }
    draft.set(change);
    note(`Macro aplicada: ${macro.title}. Confira e envie.`);
    composer.focus();
  }

  function actions() {
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
      { label: "Simular resposta por e-mail…", icon: "mail", disabled: !ticket || ticket.status === "closed", act: byEmail },
    ];
  }

  /** byEmail has the requester answer by another channel than WhatsApp. */
  function byEmail() {
    openDialog({
      title: `E-mail de ${ticket.requester?.name ?? "cliente"}`,
      button: "Enviar como o cliente",
      body: field(
        "Mensagem",
        el("textarea", { name: "body", rows: "4", required: true }),
        "Chega ao ticket como se o cliente respondesse ao e-mail de notificação.",
      ),
      send: async (fields) => {
        show(await desk.post(`/tickets/${id}/customer`, { body: fields.body }));
        desk.changed();
      },
    });
  }

  const refresh = soon(() => desk.attempt(read), 30);
  refresh();
  return { node, id, refresh, age: () => ticket && heading() };
}
