// What axe finds on every view of the app, in both colour schemes, in a browser: contrast is part of it.

import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Customer } from "./customer";
import { type Demo, api, call, startDemo, until } from "./demo";
import { Desk, openBrowser } from "./desk";

let demo: Demo;
let browser: Browser;

const shots = process.env.PONTE_SHOTS;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
  for (const id of ["1", "2"]) {
    const one = new Customer(demo, id);
    await one.say("Bom dia, a nota foi rejeitada com o *erro 539*");
    await until("the bot answers", async () => (await one.chat()).some((m) => m.from === "business"));
    await one.say("falar com atendente");
  }
  const rows = await until("both wait", async () => {
    const list = await api<{ rows: { session: string; contact: { name: string } }[] }>(demo, "GET", "/conversations?view=new");
    return list.rows.length === 2 && list.rows;
  });
  const { users } = await call<{ users: { id: number; name: string }[] }>(demo, "GET", "/sandbox/zendesk/api/v2/users?role=admin", undefined, { Authorization: "Bearer demo" });
  const helena = users.find((one) => one.name === "Helena Prado");
  const hers = rows.find((one) => one.contact.name === "Mariana Albuquerque");
  await api(demo, "POST", `/conversations/${hers?.session}/take`, { id: "axe-take-1", agent: { id: helena?.id, name: helena?.name } });
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

describe.each(["light", "dark"] as const)("%s", (scheme) => {
  let desk: Desk;
  let frame: FrameLocator;
  beforeAll(async () => {
    desk = await Desk.open(browser, demo, "Helena Prado", scheme);
    frame = await desk.console();
  });
  afterAll(() => desk?.close());

  // A test that failed leaves no dialog behind for the next one.
  afterEach(async () => {
    for (let i = 0; i < 3 && (await frame.getByRole("dialog").count()); i++) await frame.getByRole("dialog").first().press("Escape");
  });

  const clean = async (view: string) => {
    if (shots) await desk.page.screenshot({ path: `${shots}/${view}-${scheme}.png` });
    expect(await desk.violations()).toEqual([]);
    expect(desk.faults).toEqual([]);
  };
  /** Looks at the sidebar at its narrowest: nothing may stick out. */
  const narrow = async (view: string) => {
    const place = desk.page.locator("iframe.app-frame:visible");
    await place.evaluate((frame) => frame.style.setProperty("width", "320px"));
    const inner = await desk.frame((await place.getAttribute("name")) ?? "");
    expect(await inner.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await desk.violations()).toEqual([]);
    if (shots) await place.screenshot({ path: `${shots}/${view}-${scheme}.png` });
    await place.evaluate((frame) => frame.style.removeProperty("width"));
  };
  const closeDialog = async () => {
    await frame.getByRole("dialog").press("Escape");
    await frame.getByRole("dialog").waitFor({ state: "detached" });
  };

  test("console: empty, list, conversation", async () => {
    await frame.getByText("Adiadas").first().click();
    await clean("console-empty");
    await frame.getByText("Todas").first().click();
    await frame.getByText("Mariana Albuquerque").first().click();
    await frame.getByRole("log").getByText("erro 539").waitFor();
    await clean("console-conversation");
    await frame.getByRole("tab", { name: "Nota interna" }).click();
    await clean("console-note");
    await frame.getByRole("tab", { name: "Resposta" }).click();
  });

  test.each([
    ["transfer", "Transferir"],
    ["n2", "Enviar ao N2"],
    ["close", "Concluir"],
  ])("dialog: %s", async (name, button) => {
    await frame.getByRole("button", { name: button }).first().click();
    await frame.getByRole("dialog").waitFor();
    await clean(`dialog-${name}`);
    await closeDialog();
  });

  test.each([
    ["snooze", "Adiar"],
    ["tag", "Etiquetas"],
    ["identify", "Informar CNPJ"],
    ["position", "Posicionamento de chamado"],
    ["mute", "Bloquear mensagens automáticas"],
    ["link", "Vincular mensagens a um ticket"],
    ["transcript", "Baixar transcrição"],
    ["cancel", "Cancelar atendimento"],
  ])("dialog from the menu: %s", async (name, item) => {
    await frame.getByRole("button", { name: "Mais ações" }).first().click();
    await frame.getByRole("menuitem", { name: item }).click();
    await frame.getByRole("dialog").waitFor();
    await clean(`dialog-${name}`);
    await closeDialog();
  });

  test("start a conversation, palette, help", async () => {
    await frame.getByRole("button", { name: "Nova conversa" }).click();
    await frame.getByRole("dialog").waitFor();
    await clean("dialog-start");
    await closeDialog();
    await frame.locator("body").press("Control+k");
    await frame.getByRole("dialog").waitFor();
    await clean("palette");
    await closeDialog();
    await frame.locator("body").press("?");
    await frame.getByRole("dialog").waitFor();
    await clean("help");
    await closeDialog();
  });

  test("supervision: board, audit, report, failures, canned replies", async () => {
    await frame.getByText("Supervisão").first().click();
    for (const part of ["Painel ao vivo", "Auditoria", "Relatório", "Falhas", "Respostas prontas"]) {
      await frame.getByRole("tab", { name: part }).click();
      await frame.getByRole("tabpanel", { name: part }).waitFor();
      await until(`${part} is there`, async () => (await frame.locator('[aria-busy="true"]').count()) === 0);
      await clean(`supervision-${part.toLowerCase().replace(/\W+/g, "-")}`);
    }
  });

  test("sidebar: with and without a conversation, and all details", async () => {
    const { rows } = await api<{ rows: { ticket?: number }[] }>(demo, "GET", "/conversations?view=all");
    frame = await desk.sidebar(rows.find((one) => one.ticket)?.ticket ?? 0);
    await frame.getByRole("log").waitFor();
    await clean("sidebar");
    await narrow("sidebar-320");
    await frame.getByRole("button", { name: "Mais detalhes" }).click();
    await frame.getByText("Protocolo").first().waitFor();
    await clean("sidebar-details");
    frame = await desk.sidebar(5175);
    await frame.getByRole("heading", { name: "Sem conversa de WhatsApp" }).waitFor();
    await clean("sidebar-nothing");
  });
});
