// A ticket's properties: group, assignee, organisation, kind, tags and custom fields, as unsent changes until the ticket is sent.

import { el, fill, icon } from "./dom.js";
import { levels, priorities, types } from "./helpdesk-words.js";
import { keep, kept } from "./memory.js";

/**
 * openProperties builds the panel. takeIt assigns the ticket to whoever sits here, copy(moves) changes who is in copy; both
 * act at once. It returns its node and `show(ticket)`, which leaves alone what was changed by hand.
 */
export function openProperties(desk, draft, { takeIt, copy }) {
  const controls = []; // each {label, refresh(ticket)}
  let ticket = null;

  const value = (name) => (name in draft.values ? draft.values[name] : ticket[name]);
  const mark = (label, dirty) => label.classList.toggle("dirty", dirty);

  function choices(select, list, chosen) {
    const now = list.map(([id, name]) => `${id}\t${name}`).join("\n");
    if (select.dataset.list !== now)
      fill(
        select,
        list.map(([id, name]) => el("option", { value: String(id) }, name)),
      );
    select.dataset.list = now;
    select.value = String(chosen ?? "");
  }

  function selectOf(name, label, list, parse) {
    const select = el("select", {
      onchange: () => {
        draft.put("values", name, select.value === "" ? null : parse(select.value), ticket[name]);
        refresh();
      },
    });
    const node = el("label", { class: "property" }, el("span", {}, label), select);
    controls.push(() => {
      choices(select, list(), value(name));
      mark(node, name in draft.values);
    });
    return node;
  }

  const members = () => {
    const group = value("group_id");
    const list = desk.agents.filter((one) => !one.light && (!group || one.groups.some((g) => g.id === group)));
    const own = desk.agents.find((one) => one.id === value("assignee_id"));
    if (own && !list.includes(own)) list.push(own);
    const known =
      ticket.assignee && !desk.agents.some((one) => one.id === ticket.assignee.id) ? [[ticket.assignee.id, ticket.assignee.name]] : [];
    return [["", "– ninguém –"], ...list.map((one) => [one.id, one.name]), ...known];
  };
  const mine = el("button", { type: "button", class: "link", onclick: takeIt }, "Atribuir a mim");
  const group = selectOf("group_id", "Grupo", () => [["", "–"], ...desk.groups.map((one) => [one.id, one.name])], Number);
  group.querySelector("select").addEventListener("change", () => {
    const owner = desk.agents.find((one) => one.id === value("assignee_id"));
    if (owner && !owner.groups.some((one) => one.id === value("group_id"))) draft.put("values", "assignee_id", null, ticket.assignee_id);
    refresh();
  });
  const assignee = el("div", { class: "with-link" }, selectOf("assignee_id", "Responsável", members, Number), mine);
  controls.push(() => {
    mine.hidden = ticket.assignee_id === desk.me.id || ticket.status === "closed";
  });
  const organization = selectOf(
    "organization_id",
    "Organização",
    () => {
      const list = ticket.requester_organizations ?? [];
      const own = ticket.organization && !list.some((one) => one.id === ticket.organization.id) ? [ticket.organization] : [];
      return [["", "– nenhuma –"], ...[...list, ...own].map((one) => [one.id, one.name])];
    },
    Number,
  );
  const priority = selectOf("priority", "Prioridade", () => Object.entries(priorities), String);
  const kind = selectOf("type", "Tipo", () => Object.entries(types), String);
  const day = el("input", { type: "date" });
  const due = el("label", { class: "property" }, el("span", {}, "Vencimento da tarefa"), day);
  day.addEventListener("input", () => {
    draft.put("values", "due_at", day.value ? `${day.value}T12:00:00Z` : null, ticket.due_at);
    mark(due, "due_at" in draft.values);
  });
  controls.push(() => {
    due.hidden = value("type") !== "task";
    if (document.activeElement !== day) day.value = (value("due_at") ?? "").slice(0, 10);
    mark(due, "due_at" in draft.values);
  });

  const fields = el(
    "details",
    { class: "fields" },
    el("summary", {}, "Campos do ticket ", el("span", { class: "filled" })),
    el("div", { class: "field-grid" }, desk.fields.filter((one) => one.removable && one.active).map(customField)),
  );
  fields.open = kept("fields", false);
  fields.addEventListener("toggle", () => keep("fields", fields.open));

  function customField(field) {
    const control = controlOf(field);
    const title = field.required ? [field.title, el("abbr", { title: "Obrigatório para resolver" }, "*")] : field.title;
    const node = el("label", { class: `property${field.type === "textarea" ? " long" : ""}` }, el("span", {}, title), control);
    const original = () => (ticket.custom_fields ?? []).find((one) => one.id === field.id)?.value ?? null;
    const typed = () => {
      if (field.type === "checkbox") return control.checked;
      if (control.value === "") return null;
      return field.type === "integer" || field.type === "decimal" ? Number(control.value) : control.value;
    };
    control.addEventListener(control.tagName === "SELECT" || field.type === "checkbox" ? "change" : "input", () => {
      draft.put("fields", field.id, typed(), original());
      mark(node, field.id in draft.fields);
    });
    controls.push(() => {
      const changed = field.id in draft.fields;
      const now = changed ? draft.fields[field.id] : original();
      if (field.type === "checkbox") control.checked = now === true;
      else if (document.activeElement !== control || !changed) control.value = now === null ? "" : String(now);
      mark(node, changed);
    });
    return node;
  }

  const tags = tagBox((list) => draft.put("values", "tags", list, ticket.tags));
  const tagProperty = el("div", { class: "property tags-property" }, el("span", { id: "tags-label" }, "Tags"), tags.node);
  controls.push(() => {
    tags.show(value("tags") ?? []);
    mark(tagProperty, "tags" in draft.values);
  });

  const copies = copyBox(copy);
  controls.push(() => copies.show(ticket.email_cc_users ?? []));

  const node = el(
    "fieldset",
    { class: "properties", "aria-label": "Propriedades do ticket" },
    group,
    assignee,
    organization,
    el("div", { class: "pair" }, kind, priority),
    due,
    tagProperty,
    copies.node,
    fields,
  );

  function refresh() {
    if (!ticket) return;
    for (const one of controls) one();
    node.disabled = ticket.status === "closed";
    const filled = (ticket.custom_fields ?? []).filter((one) => one.value !== null && one.value !== "" && one.value !== false).length;
    fields.querySelector(".filled").textContent = `(${filled} preenchido${filled === 1 ? "" : "s"})`;
  }

  return {
    node,
    refresh,
    show: (next) => {
      ticket = next;
      refresh();
    },
  };
}

function controlOf(field) {
  switch (field.type) {
    case "tagger":
    case "dropdown":
      return el(
        "select",
        {},
        el("option", { value: "" }, "–"),
        (field.custom_field_options ?? []).map((one) => el("option", { value: one.value }, levels(one.name))),
      );
    case "textarea":
      return el("textarea", { rows: "2" });
    case "checkbox":
      return el("input", { type: "checkbox" });
    case "integer":
      return el("input", { type: "number", step: "1" });
    case "decimal":
      return el("input", { type: "number", step: "any" });
    case "date":
      return el("input", { type: "date" });
    default:
      return el("input", { type: "text", autocomplete: "off" });
  }
}

/** tagBox edits a list of tags; Enter, space and comma add one, Backspace in the empty line removes the last. */
function tagBox(changed) {
  const input = el("input", { type: "text", "aria-labelledby": "tags-label", placeholder: "+ tag", autocomplete: "off", size: "8" });
  const shown = el("span", { class: "tag-list" });
  let list = [];
  const set = (next) => {
    list = next;
    draw();
    changed(list);
  };
  const take = () => {
    const words = input.value
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((word) => word && !list.includes(word));
    input.value = "";
    if (words.length > 0) set([...list, ...new Set(words)]);
  };
  const draw = () =>
    fill(
      shown,
      list.map((tag) =>
        el(
          "span",
          { class: "tag" },
          tag,
          el(
            "button",
            {
              type: "button",
              "aria-label": `Tirar a tag ${tag}`,
              onclick: () => {
                set(list.filter((one) => one !== tag));
                input.focus();
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
  input.addEventListener("keydown", (event) => {
    if (["Enter", " ", ","].includes(event.key)) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && input.value === "" && list.length > 0) {
      set(list.slice(0, -1));
    }
  });
  input.addEventListener("blur", take);
  return {
    node: el("span", { class: "tag-box" }, shown, input),
    show: (next) => {
      if (JSON.stringify(next) === JSON.stringify(list)) return;
      list = [...next];
      draw();
    },
  };
}

/** copyBox shows who is in copy by e-mail; a name's cross takes them out, an address and Enter adds somebody. */
function copyBox(copy) {
  const input = el("input", { type: "email", "aria-labelledby": "copies-label", placeholder: "+ e-mail", autocomplete: "off", size: "10" });
  const shown = el("span", { class: "tag-list" });
  const add = () => {
    const address = input.value.trim();
    if (address === "" || !input.checkValidity()) return;
    input.value = "";
    copy([{ user_email: address, action: "put" }]);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  input.addEventListener("blur", add);
  return {
    node: el(
      "div",
      { class: "property tags-property" },
      el("span", { id: "copies-label" }, "Em cópia (e-mail)"),
      el("span", { class: "tag-box" }, shown, input),
    ),
    show: (people) =>
      fill(
        shown,
        people.map((one) =>
          el(
            "span",
            { class: "tag", title: one.email ?? "" },
            one.name,
            el(
              "button",
              { type: "button", "aria-label": `Tirar ${one.name} da cópia`, onclick: () => copy([{ user_id: one.id, action: "delete" }]) },
              icon("close"),
            ),
          ),
        ),
      ),
  };
}
