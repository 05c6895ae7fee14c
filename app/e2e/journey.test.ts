// A newcomer's way: a customer is identified, answered, transferred, sent to the second level, and another one is closed.

import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Customer } from "./customer";
import { type Demo, api, call, startDemo, until } from "./demo";
import { Desk, openBrowser } from "./desk";

let demo: Demo;
let browser: Browser;
let ana: Desk;
let frame: FrameLocator;

interface Ticket {
  id: number;
  status: string;
  subject: string;
  tags: string[];
  group_id: number;
  assignee_id: number;
}

const tickets = async () => (await call<{ tickets: Ticket[] }>(demo, "GET", "/sandbox/zendesk/api/v2/tickets?sort_by=created_at&sort_order=desc&per_page=5", undefined, { Authorization: "Bearer demo" })).tickets;
const conversation = (session: string) => api<{ state: string; owner?: number; queue?: string; outcome?: string; ticket: number }>(demo, "GET", `/conversations/${session}`);
const sessionOf = async (view: string) => (await api<{ rows: { session: string }[] }>(demo, "GET", `/conversations?view=${view}`)).rows[0]?.session ?? "";

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
  ana = await Desk.open(browser, demo, "Ana Beatriz Souza");
  frame = await ana.console();
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail" && process.env.PONTE_SHOTS) await ana.page.screenshot({ path: `${process.env.PONTE_SHOTS}/${task.id}.png` });
});

const mariana = () => new Customer(demo, "1");
const answer = () => frame.getByRole("textbox", { name: "Resposta ao cliente" });

test("a customer is identified by the bot and appears on the screen by herself", async () => {
  await frame.getByText("Novas").first().click();
  await mariana().say("Bom dia, a nota foi rejeitada com o erro 539");
  await mariana().hears("Faturamento e NF-e");
  await mariana().choose("menu:0", "Faturamento e NF-e");
  const session = await sessionOf("new");
  await until("the list shows the newest words", async () => (await frame.locator(`[id="row-${session}"]`).innerText()).includes("Vou transferir você"));
  await frame.getByText("Mariana Albuquerque").first().click();
  await frame.getByText("11.222.333/0001-81").first().waitFor(); // her company's CNPJ
  await frame.getByText("Sem pendência").first().waitFor();
});

test("the agent takes the conversation: the customer is greeted, the ticket is the agent's", async () => {
  await frame.getByRole("button", { name: "Assumir" }).first().click();
  await until("the conversation is Ana's", async () => (await conversation(await sessionOf("all"))).state === "active");
  await until("so is the ticket", async () => (await tickets())[0]?.status === "open", 60_000); // quick messages are gathered for 20 s
});

test("a canned reply is inserted with its variables filled in, and reaches the phone", async () => {
  await answer().fill("");
  await answer().press("/");
  await frame.getByRole("listbox", { name: "Respostas prontas" }).getByRole("option").first().waitFor();
  await answer().press("Enter");
  const text = await until("the reply stands in the field", async () => (await answer().inputValue()).replace("/", "").trim());
  expect(text).not.toContain("{{");
  await answer().press("Control+Enter");
  await mariana().hears(text.split("\n")[0] ?? text);
});

test("a note never reaches the customer", async () => {
  await frame.getByRole("tab", { name: "Nota interna" }).click();
  await frame.getByRole("textbox", { name: "Nota interna" }).fill("Cliente tem contrato ouro");
  await frame.getByRole("button", { name: "Salvar nota" }).click();
  await frame.getByRole("log").getByText("Cliente tem contrato ouro").waitFor();
  await frame.getByRole("tab", { name: "Resposta" }).click();
  expect(await mariana().heard("contrato ouro")).toBe(0);
});

test("the customer's next message is on the screen within a second", async () => {
  await mariana().say("O número da nota é 4711");
  const before = Date.now();
  await frame.getByRole("log").getByText("O número da nota é 4711").waitFor();
  console.log(`message to screen: ${Date.now() - before} ms after the phone's request was answered`);
});

test("it is transferred to another agent, who sees it among theirs", async () => {
  const bruno = await Desk.open(browser, demo, "Bruno Carvalho");
  const his = await bruno.console();
  await his.getByRole("combobox").first().selectOption({ label: "Disponível" });
  const session = await sessionOf("all");
  await frame.getByRole("button", { name: "Transferir" }).first().click();
  const dialog = frame.getByRole("dialog");
  await until("Bruno can be chosen", async () => (await dialog.getByRole("option").allTextContents()).some((one) => one.includes("Bruno")));
  const option = (await dialog.getByRole("option").allTextContents()).find((one) => one.includes("Bruno")) ?? "";
  await dialog.getByRole("combobox").selectOption({ label: option });
  await dialog.getByRole("textbox").fill("Falta conferir o CFOP");
  await dialog.getByRole("button", { name: "Transferir" }).click();
  await frame.getByRole("button", { name: "Fazer agora" }).click();
  await until("Bruno has it", async () => {
    const c = await conversation(session);
    return c.owner !== undefined && c.state === "active" && (await tickets())[0]?.assignee_id === c.owner;
  });
  await his.getByText("Minhas").first().click();
  await his.getByText("Mariana Albuquerque").first().click();
  await his.getByText("Falta conferir o CFOP").first().waitFor();

  // He sends it to the second level.
  await his.getByRole("button", { name: "Enviar ao N2" }).first().click();
  const n2 = his.getByRole("dialog");
  await until("the summary is drafted", async () => (await n2.getByLabel("Resumo").inputValue()).includes("539"));
  await n2.getByRole("button", { name: "Enviar ao N2" }).click();
  await his.getByRole("button", { name: "Fazer agora" }).click();
  await until("the chat ended, the ticket goes on", async () => {
    const c = await conversation(session);
    const [ticket] = await tickets();
    return c.outcome === "n2" && ticket?.status === "open";
  });
  await mariana().hears("equipe especializada");
  expect(bruno.faults).toEqual([]);
  await bruno.close();
});

test("the next one is closed: what is missing is named, then the ticket is solved and the customer told", async () => {
  const antonio = new Customer(demo, "2");
  await antonio.say("Boa tarde, relatório de estoque não abre");
  const session = await until("the conversation began", async () => sessionOf("all"));
  await frame.getByText("Todas").first().click();
  await frame.locator(`[id="row-${session}"]`).click();
  await frame.getByRole("button", { name: "Assumir" }).first().click();
  await answer().waitFor();
  await answer().fill("Já vou olhar.");
  await answer().press("Control+Enter");
  await antonio.hears("Já vou olhar.");
  await frame.getByRole("button", { name: "Concluir" }).first().click();
  const dialog = frame.getByRole("dialog");
  await dialog.getByRole("button", { name: "Concluir atendimento" }).click();
  expect(await dialog.getByText("Preencha este campo.").count()).toBeGreaterThan(0);
  await dialog.getByLabel("Assunto").fill("Relatório de estoque não abre");
  await dialog.getByLabel("Catálogo de serviços").fill("Distribuição::Linha Winthor::11::1118::Relatório de estoque");
  await dialog.getByLabel("Motivo").fill("Problema resolvido");
  await dialog.getByRole("button", { name: "Concluir atendimento" }).click();
  await frame.getByRole("button", { name: "Fazer agora" }).click();
  await until("it is closed and the ticket solved", async () => {
    const c = await conversation(session);
    const ticket = (await tickets()).find((one) => one.id === c.ticket);
    return c.state === "closed" && ticket?.status === "solved" && ticket.subject === "Relatório de estoque não abre";
  });
  await antonio.hears("conclu");
  expect(ana.faults).toEqual([]);
});
