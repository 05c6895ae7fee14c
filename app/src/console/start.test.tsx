import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { StartDialog } from "./start";
import { Answered, desk, session, show } from "./testing";

vi.setConfig({ testTimeout: 30_000 });

const templates = { templates: [{ name: "oi", language: "pt_BR", status: "APPROVED", category: "UTILITY", body: "Podemos conversar?", variables: 0 }] };
const path = "/numbers/100/conversations";

async function ready(route: (body: Record<string, unknown> | undefined) => unknown, ticket = 0) {
  const close = vi.fn();
  const opened = vi.fn();
  const { fetcher, asked } = desk([], { "GET /numbers/100/templates": () => templates, [`POST ${path}`]: (one) => route(one.body) });
  const page = await show(<StartDialog ticket={ticket} close={close} opened={opened} />, fetcher, { session: { ...session, numbers: [{ id: "100", name: "Suporte" }] } });
  const write = (label: string | RegExp, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
  return { ...page, close, opened, write, sent: () => asked.filter((one) => one.path === path).map((one) => one.body) };
}

it("begins with a template once the phone is right", async () => {
  const { write, sent, close, opened, toast } = await ready((body) => ({ id: body?.id, ok: true, session: "s1" }), 4711);
  fireEvent.click(await screen.findByText("oi"));
  write("Telefone do cliente", "123");
  const form = document.querySelector("form") as HTMLFormElement;
  fireEvent.submit(form);
  expect(await screen.findByText("Informe DDD e número, ou o número internacional com +.")).toBeInTheDocument();
  expect(sent()).toEqual([]);
  write("Telefone do cliente", "11 98765-4321");
  fireEvent.submit(form);
  await waitFor(() => expect(opened).toHaveBeenCalledWith("s1"));
  expect(sent()).toEqual([expect.objectContaining({ phone: "11 98765-4321", ticket: 4711, template: { name: "oi", language: "pt_BR" } })]);
  expect(close).toHaveBeenCalledOnce();
  expect(toast).toHaveBeenCalledWith("Conversa iniciada.", "success");
});

it("asks again with the same id where no answer came, and offers the conversation that goes on", async () => {
  let tries = 0;
  const { write, sent, close, opened } = await ready((body) => {
    tries++;
    if (tries === 1) return new Answered(503, { code: "unavailable", text: "Indisponível." });
    if (tries === 2) return new Answered(202, { id: body?.id, ok: false });
    return new Answered(409, { id: body?.id, ok: false, code: "conversation_open", text: "Há uma conversa em andamento.", session: "s9" });
  });
  write("Como começar", "text");
  fireEvent.click(await screen.findByText("Iniciar conversa"));
  expect(await screen.findByText("Escreva a mensagem.")).toBeInTheDocument();
  write("Mensagem", "Olá!");
  write("Telefone do cliente", "+1 415 555 0100");
  fireEvent.click(screen.getByText("Iniciar conversa"));
  expect(await screen.findByText("Indisponível.")).toBeInTheDocument();
  fireEvent.click(screen.getByText("Iniciar conversa"));
  expect(await screen.findByText("Há uma conversa em andamento.")).toBeInTheDocument();
  expect(new Set(sent().map((one) => one?.id)).size).toBe(1);
  expect(sent()).toHaveLength(3);
  expect(close).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText("Abrir a conversa em andamento"));
  expect(opened).toHaveBeenCalledWith("s9");
});
