import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Customer } from "./customer";
import { type Demo, api, call, startDemo, until } from "./demo";
import { Desk, openBrowser } from "./desk";

let demo: Demo;
let browser: Browser;
let desk: Desk;
let frame: FrameLocator;
const customer = () => new Customer(demo, "1");

/** How often Ponte handed a message to WhatsApp. */
const sends = async () => (await call<{ peer: string; method: string; path: string; count: number }[]>(demo, "GET", "/sandbox/control/requests")).filter((one) => one.peer === "whatsapp" && one.method === "POST" && one.path.endsWith("/messages")).reduce((sum, one) => sum + one.count, 0);

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
  await customer().say("Bom dia, a nota foi rejeitada");
  await customer().hears("Faturamento e NF-e");
  await customer().choose("menu:0", "Faturamento e NF-e");
  desk = await Desk.open(browser, demo, "Ana Beatriz Souza");
  frame = await desk.console();
  await frame.getByText("Novas").first().click();
  await frame.getByText("Mariana Albuquerque").first().click();
  await frame.getByRole("button", { name: "Assumir" }).first().click();
  await frame.getByRole("textbox", { name: "Resposta ao cliente" }).waitFor();
});
afterAll(async () => {
  await desk?.close();
  await browser?.close();
  await demo?.stop();
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail" && process.env.PONTE_SHOTS) await desk.page.screenshot({ path: `${process.env.PONTE_SHOTS}/${task.id}.png` });
});

const write = async (text: string) => {
  await frame.getByRole("textbox", { name: "Resposta ao cliente" }).fill(text);
  await frame.getByRole("textbox", { name: "Resposta ao cliente" }).press("Control+Enter");
};

test("a reply reaches the phone once, and its state climbs on the screen", async () => {
  await write("Qual é o número da nota?");
  await customer().hears("Qual é o número da nota?");
  expect(await customer().heard("Qual é o número da nota?")).toBe(1);
  await frame.getByRole("log").getByText("Qual é o número da nota?").waitFor();
  expect(await frame.getByRole("log").getByText("Qual é o número da nota?").count()).toBe(1);
});

test("when the server can't be reached the message says so, and is sent once when it is tried again", async () => {
  await desk.page.context().route("**/reply", (route) => route.abort());
  await write("Enviei o passo a passo");
  const again = frame.getByRole("log").getByRole("button", { name: "Tentar de novo" });
  await again.waitFor();
  expect(await customer().heard("Enviei o passo a passo")).toBe(0);
  await desk.page.context().unroute("**/reply");
  await again.click();
  await customer().hears("Enviei o passo a passo");
  await until("the screen agrees", async () => (await again.count()) === 0);
  expect(await customer().heard("Enviei o passo a passo")).toBe(1);
  expect(await frame.getByRole("log").getByText("Enviei o passo a passo").count()).toBe(1);
});

test("an answer that is lost on its way does not double the message", async () => {
  await desk.page.context().route("**/reply", async (route) => {
    await route.fetch(); // the server has it
    await route.abort();
  });
  await write("Confira a versão da rotina");
  const again = frame.getByRole("log").getByRole("button", { name: "Tentar de novo" });
  await customer().hears("Confira a versão da rotina");
  await desk.page.context().unroute("**/reply");
  if (await again.count()) await again.first().click().catch(() => {});
  await until("the screen has it once", async () => (await frame.getByRole("log").getByText("Confira a versão da rotina").count()) === 1 && (await again.count()) === 0);
  expect(await customer().heard("Confira a versão da rotina")).toBe(1);
});

test("a closed window: words are kept, a template goes out, and the customer's answer lets them through", async () => {
  await customer().say("E agora, o que eu faço?"); // with the last word theirs, the auditor leaves the conversation open
  await frame.getByRole("log").getByText("E agora, o que eu faço?").waitFor();
  const { rows } = await api<{ rows: { session: string; window: { ends: string } }[] }>(demo, "GET", "/conversations?view=all");
  const session = rows[0]?.session ?? "";
  // Just before the 24 hours are over: Ponte leaves a margin, so that no message comes too late.
  const offset = Math.floor((Date.parse(rows[0]?.window.ends ?? "") - Date.now()) / 1000) - 55;
  await call(demo, "POST", "/sandbox/control/clock", { offset_seconds: offset });
  const before = await sends();
  await until("the window is closed", async () => {
    const c = await api<{ window: { open: boolean }; state: string }>(demo, "GET", `/conversations/${session}`);
    return !c.window.open && c.state === "active";
  });
  // The session of the page is over after a day: a new one is made as Zendesk makes one.
  await desk.page.getByRole("button", { name: "Recarregar" }).last().click();
  frame = await desk.console();
  await frame.getByText("Minhas").first().click();
  await frame.getByText("Mariana Albuquerque").first().click();
  await frame.getByRole("button", { name: /Escrever mesmo assim/ }).click();
  await write("A correção foi publicada");
  await frame.getByText("Aguardando resposta do cliente").first().waitFor();
  await until("the invitation went out", async () => (await sends()) > before);
  expect(await customer().heard("A correção foi publicada")).toBe(0);
  await customer().tap("Conversar agora");
  await customer().hears("A correção foi publicada");
  expect(await customer().heard("A correção foi publicada")).toBe(1);
});
