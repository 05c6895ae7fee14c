import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Customer } from "./customer";
import { type Demo, api, call, startDemo, until } from "./demo";
import { Desk, openBrowser } from "./desk";

let demo: Demo;
let browser: Browser;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const forge = (how: string) => call(demo, "POST", "/sandbox/control/zendesk", { app_token: how });
beforeEach(() => forge(""));

test.each(["other_key", "expired", "early", "other_account", "other_installation", "no_algorithm", "hmac", "replayed"])("a token that is %s opens nothing", async (how) => {
  const good = await Desk.open(browser, demo, "Ana Beatriz Souza");
  await good.console(); // so that there is a token to be replayed
  await forge(how);
  await good.page.getByRole("button", { name: "Recarregar" }).last().click();
  const frame = await until("the refusal", async () => {
    const one = good.page.frames().find((f) => f.name().startsWith("app-nav_bar"));
    const text = (await one?.locator("body").innerText()) ?? "";
    return text && !text.includes("Nova conversa") ? one : undefined;
  });
  expect(await frame.locator('meta[name="ponte-session"]').count()).toBe(0);
  expect((await frame.locator("body").innerText()).length).toBeGreaterThan(20);
  await good.close();
});

test("an agent of another group neither sees nor reaches a conversation", async () => {
  await new Customer(demo, "1").say("Bom dia, preciso de ajuda com a nota fiscal");
  await new Customer(demo, "1").hears("Faturamento e NF-e");
  await new Customer(demo, "1").choose("menu:0", "Faturamento e NF-e");
  const { rows } = await until("the conversation waits", async () => {
    const list = await api<{ rows: { session: string; queue: string }[] }>(demo, "GET", "/conversations?view=new");
    return list.rows.length ? list : undefined;
  });
  const session = rows[0]?.session ?? "";
  expect(rows[0]?.queue).toBe("Suporte N1");

  const stranger = await Desk.open(browser, demo, "Gustavo Pires"); // of the finance group
  let token = "";
  stranger.page.on("request", (request) => {
    token = request.headers().authorization ?? token;
  });
  const frame = await stranger.console();
  await frame.getByText("Novas").first().click();
  await until("the list was read", async () => token);
  expect(await frame.getByText("Mariana Albuquerque").count()).toBe(0);

  const ask = (method: string, path: string, body?: unknown) =>
    fetch(`${demo.base}/api/v1${path}`, { method, headers: { Authorization: token, "Content-Type": "application/json" }, body: body ? JSON.stringify(body) : null }).then((r) => r.status);
  expect(await ask("GET", `/conversations/${session}`)).toBe(404);
  expect(await ask("GET", `/conversations/${session}/messages`)).toBe(404);
  expect(await ask("POST", `/conversations/${session}/take`, { id: "intruder-1" })).toBe(404);
  expect(await ask("POST", `/conversations/${session}/reply`, { id: "intruder-2", text: "oi" })).toBe(404);
  expect(await ask("GET", "/work")).toBe(403);
  expect(await ask("GET", "/reports")).toBe(403);
  expect(await ask("GET", "/conversations")).toBe(200);
  await stranger.close();
});

test("a light agent is told that they may not", async () => {
  const desk = await Desk.open(browser, demo, "Ivo Menezes");
  await desk.page.goto(`${demo.base}/sandbox/helpdesk#/app`);
  const frame = await desk.frame("app-nav_bar");
  await until("the refusal", async () => (await frame.locator("body").innerText()).includes("permissão"));
  await desk.close();
});
