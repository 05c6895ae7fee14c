// Choosing a customer the account knows.

import { el, fill } from "./dom.js";
import { soon } from "./server.js";
import { field, openDialog } from "./widgets.js";

const most = 50; // people that are offered at once

/** choosePerson asks for a customer; chosen gets their id, beside the form's other fields. more are further nodes of the form. */
export function choosePerson(desk, { title, button, more, chosen }) {
  const people = el("select", { name: "person", required: true });
  const find = el("input", { type: "search", autocomplete: "off", placeholder: "Nome, e-mail ou telefone" });
  const search = async () => {
    const { users } = await desk.get(`/users?q=${encodeURIComponent(find.value.trim())}`);
    fill(
      people,
      users
        .filter((one) => one.role === "end-user")
        .slice(0, most)
        .map((one) => el("option", { value: String(one.id) }, [one.name, one.phone || one.email].filter(Boolean).join(" · "))),
    );
  };
  find.addEventListener(
    "input",
    soon(() => desk.attempt(search), 150),
  );
  desk.attempt(search);
  openDialog({
    title,
    button,
    wide: true,
    body: [field("Buscar", find), field("Solicitante", people), more],
    send: (fields) => chosen(Number(fields.person), fields),
  });
}
