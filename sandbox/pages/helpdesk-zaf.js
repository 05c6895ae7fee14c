// The names of the Apps Framework that the helpdesk knows: what an app may get, set and invoke.

import { el } from "./dom.js";
import { safe, written } from "./helpdesk-html.js";
import { scheme } from "./helpdesk-theme.js";

/** missing is how the framework answers a name it does not know. */
const missing = (path) => ({ name: "APIUnavailableError", message: "No such Api", path });

const refused = (path, message) => ({ name: "Error", message, path });

/**
 * answer carries out a request of kind get, set or invoke. `at` is where the app's page stands: {desk, context, instances, ticket,
 * draft, acts}, without ticket and draft outside of tickets. What fails is an error per name beside the results of the others.
 */
export function answer(at, kind, params) {
  const result = {},
    errors = {};
  const attempt = (path, act) => {
    try {
      const value = act();
      if (value instanceof Fault) errors[path] = value.error;
      else result[path] = value;
    } catch (error) {
      errors[path] = refused(path, error.message);
    }
  };
  switch (kind) {
    case "get":
      for (const path of params) attempt(path, () => get(at, path));
      break;
    case "set":
      for (const [path, value] of Object.entries(params)) attempt(path, () => set(at, path, value));
      break;
    case "invoke":
      for (const [path, args] of Object.entries(params)) attempt(path, () => invoke(at, path, args));
      break;
    default:
      throw new Error(`"${kind}" is no request`);
  }
  return { ...result, errors };
}

/** Fault is an error of one name. */
class Fault {
  constructor(error) {
    this.error = error;
  }
}

const own = (values, name) => (Object.hasOwn(values, name) ? values[name] : undefined);

function get(at, path) {
  const custom = /^ticket\.customField:(.+)$/.exec(path);
  if (custom) return customField(at, path, custom[1]);
  const instance = /^instances\.([^.]+)$/.exec(path);
  let value = { ...values(at), instances: at.instances() };
  for (const name of instance ? ["instances", instance[1]] : path.split(".")) {
    value = value !== null && typeof value === "object" ? own(value, name) : undefined;
    if (value === undefined) return new Fault(missing(path));
  }
  return value;
}

function customField(at, path, name) {
  const id = /^custom_field_(\d+)$/.exec(name)?.[1];
  const known = at.ticket && at.desk.fields.find((one) => String(one.id) === id);
  if (!known) return new Fault(missing(path));
  if (known.id in at.draft.fields) return at.draft.fields[known.id];
  return (at.ticket.custom_fields ?? []).find((one) => one.id === known.id)?.value ?? null;
}

/** values are what can be got, as a tree. */
function values({ desk, ticket, draft }) {
  const tree = {
    colorScheme: scheme(),
    currentAccount: { subdomain: desk.app.subdomain, planName: "Suite Professional", timeZone: { name: "America/Sao_Paulo" } },
    currentUser: {
      ...person(desk.me),
      groups: desk.me.groups,
      locale: "pt-BR",
      timeZone: { name: "America/Sao_Paulo", offset: -180 },
    },
  };
  if (!ticket) return tree;
  const value = (name) => draft.values[name] ?? ticket[name] ?? null;
  tree.comment = { text: draft.text, type: draft.public ? "publicReply" : "internalNote", useRichText: true };
  tree.ticket = {
    id: ticket.id,
    subject: value("subject"),
    status: draft.status || ticket.status,
    priority: value("priority"),
    type: value("type"),
    tags: value("tags"),
    externalId: ticket.external_id,
    createdAt: ticket.created_at,
    updatedAt: ticket.updated_at,
    requester: ticket.requester && person(ticket.requester),
    organization: ticket.organization && { id: ticket.organization.id, name: ticket.organization.name },
    assignee: {
      user: ticket.assignee && person(ticket.assignee),
      group: ticket.group && { id: ticket.group.id, name: ticket.group.name },
    },
    comment: tree.comment,
    isNew: false,
  };
  return tree;
}

function person({ id, name, email, role, external_id: externalId }) {
  return { id, name, email: email ?? null, role, externalId: externalId ?? null };
}

/** put changes one of the ticket's own values in the draft. */
const put = (name) => (at, value) => at.draft.put("values", name, String(value), at.ticket[name]);

const replaceText = (at, value) => at.draft.set({ html: marked(String(value)), text: String(value) });

function commentType(at, value) {
  if (value !== "publicReply" && value !== "internalNote") throw new Error(`"${value}" is no type of comment`);
  if (value === "publicReply" && at.desk.me.light) throw new Error("Light agents write internal notes only");
  at.draft.set({ public: value === "publicReply" });
}

const setters = {
  "comment.text": replaceText,
  "ticket.comment.text": replaceText,
  "comment.type": commentType,
  "ticket.comment.type": commentType,
  "ticket.subject": put("subject"),
  "ticket.priority": put("priority"),
  "ticket.type": put("type"),
};

function set(at, path, value) {
  const setter = own(setters, path);
  if (!setter || !at.ticket) return new Fault(missing(path));
  if (at.ticket.status === "closed") return new Fault(refused(path, "The ticket is closed"));
  setter(at, value);
  return value;
}

/** marked is text as the composer's HTML. */
function marked(text) {
  return text
    .split("\n")
    .map((line) => written(el("div", {}, line)))
    .join("<br>");
}

/** append adds HTML to the comment. */
function append(at, html, text) {
  if (at.ticket.status === "closed") throw new Error("The ticket is closed");
  at.draft.set({ html: at.draft.html + html, text: at.draft.text + text });
}

const appendText = (at, [text]) => append(at, marked(String(text)), String(text));

function appendHtml(at, [html]) {
  const box = el("div", {}, safe(String(html)));
  append(at, written(box), box.textContent);
}

/** Actions in every location, and those on a ticket alone. */
const actions = {
  notify: (at, [text, kind = "notice"]) => at.acts.notify(String(text), String(kind)),
  resize: (at, [size]) => at.acts.resize(size ?? {}),
  routeTo: (at, args) => at.acts.routeTo(...args.map(String)),
  preloadPane: (at) => at.acts.preloadPane(),
  "app.close": (at) => at.acts.close(),
};

const ticketActions = {
  "comment.appendText": appendText,
  "ticket.comment.appendText": appendText,
  "comment.appendMarkdown": appendText,
  "ticket.comment.appendMarkdown": appendText,
  "ticket.editor.insert": appendText,
  "comment.appendHtml": appendHtml,
  "ticket.comment.appendHtml": appendHtml,
};

function invoke(at, path, args) {
  const act = own(actions, path) ?? (at.ticket && own(ticketActions, path));
  if (!act) return new Fault(missing(path));
  return act(at, args) ?? null;
}
