// What keeps a page true: two agents at once, a stream that is cut while another instance works, six tickets in six tabs.

import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Customer } from "./customer";
import { api, call, secret, until } from "./demo";
import { Desk, openBrowser } from "./desk";
import { type Fleet, startFleet } from "./fleet";

let fleet: Fleet;
let browser: Browser;
const demo = () => fleet.demo;

/** The agents of group N1, of whom the sandbox knows the ids. */
const anaID = async () => {
  const { users } = await call<{ users: { id: number; name: string }[] }>(demo(), "GET", "/sandbox/zendesk/api/v2/users?role=agent&per_page=100", undefined, { Authorization: "Bearer demo" });
  return users.find((one) => one.name === "Ana Beatriz Souza")?.id ?? 0;
};

interface Row {
  session: string;
  ticket?: number;
  contact: { name?: string };
}
const rows = async (view: string) => (await api<{ rows: Row[] }>(demo(), "GET", `/conversations?view=${view}&limit=2000`)).rows;

/** So many conversations that wait in the queue of N1. */
async function waiting(customers: string[]): Promise<void> {
  for (const id of customers) await new Customer(demo(), id).say("Bom dia, preciso de ajuda com a rotina 1400");
  for (const id of customers) {
    const one = new Customer(demo(), id);
    await until(`${id} is asked something`, async () => (await one.chat()).some((m) => m.from === "business"));
    await one.say("falar com atendente");
  }
}

beforeAll(async () => {
  [fleet, browser] = await Promise.all([startFleet(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await fleet?.stop();
});

test("of two agents who grab one conversation one has it, and the other is told who", async () => {
  await waiting(["1"]);
  await until("it waits", async () => (await rows("new")).length === 1);
  const desks = await Promise.all([Desk.open(browser, demo(), "Ana Beatriz Souza"), Desk.open(browser, demo(), "Bruno Carvalho")]);
  // Neither page hears from the server meanwhile: else the loser's button is gone before it can be pressed.
  for (const one of desks) await one.page.context().route("**/api/v1/stream*", (route) => route.abort());
  const frames = await Promise.all(desks.map((one) => one.console()));
  for (const [i, frame] of frames.entries()) {
    await frame.getByText("Novas").first().click();
    await frame.getByText("Mariana Albuquerque").first().click();
    await frame.getByRole("button", { name: "Assumir" }).first().waitFor();
  }
  await Promise.all(frames.map((frame) => frame.getByRole("button", { name: "Assumir" }).first().click()));
  const told = await until("one of them is told", async () => {
    const said = await Promise.all(frames.map(async (frame) => (await frame.locator('[role="status"]').allTextContents()).join(" ")));
    const losers = said.filter((text) => /A conversa já está com (Ana Beatriz Souza|Bruno Carvalho)/.test(text));
    return losers.length ? losers : undefined;
  });
  expect(told).toHaveLength(1);
  const [row] = await rows("all");
  const { owner } = await api<{ owner: number }>(demo(), "GET", `/conversations/${row?.session}`);
  expect(owner).toBeGreaterThan(0);
  await Promise.all(desks.map((one) => one.close()));
});

/** What a list shows: name, marks and all, row by row. */
async function shown(frame: FrameLocator): Promise<string[]> {
  const texts = await frame.locator('[id^="row-"]').allInnerTexts();
  return texts.map((one) => one.replace(/\d+ (min|h|d)\b|agora/g, "").replace(/\s+/g, " ").trim()).sort();
}

test("a stream that is cut while 500 commits go through another instance: the page equals a fresh one", async () => {
  await waiting(["2", "3"]);
  await until("three conversations", async () => (await rows("all")).length === 3);
  const ana = await Desk.open(browser, demo(), "Ana Beatriz Souza");
  const frame = await ana.console();
  await frame.getByText("Todas").first().click();
  await until("the list is there", async () => (await shown(frame)).length === 3);

  const cut = "**/api/v1/**";
  await ana.page.context().route(cut, (route) => route.abort());
  await (await ana.frame("app-nav_bar")).evaluate(() => window.stop()); // ends the stream that is open
  const sessions = (await rows("all")).map((one) => one.session);
  const ask = (session: string, name: string, i: number) =>
    fetch(`${fleet.second}/api/v1/conversations/${session}/${name}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
      body: JSON.stringify({ id: `offline-${i}-${name}` }),
    }).then((r) => r.status);
  let done = 0;
  const statuses = new Set<number>();
  for (let i = 0; done < 500; i++) {
    const batch = sessions.flatMap((session, k) => ((i + k) % 2 ? [ask(session, "attention", i)] : [ask(session, "resolve", i)]));
    for (const status of await Promise.all(batch)) statuses.add(status);
    done += batch.length;
  }
  await fetch(`${fleet.second}/api/v1/conversations/${sessions[0]}/tag`, { method: "POST", headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" }, body: JSON.stringify({ id: "offline-tag-1", add: ["depois_do_corte"] }) });
  expect([...statuses]).toEqual([200]);
  await frame.getByText("Sem conexão ao vivo").waitFor({ timeout: 60_000 });

  await ana.page.context().unroute(cut);
  await frame.getByText("Sem conexão ao vivo").waitFor({ state: "detached", timeout: 60_000 });
  const other = await Desk.open(browser, demo(), "Ana Beatriz Souza");
  const fresh = await other.console();
  await fresh.getByText("Todas").first().click();
  await until("the fresh page", async () => (await shown(fresh)).length === 3);
  await until("both are the same", async () => JSON.stringify(await shown(frame)) === JSON.stringify(await shown(fresh)));
  expect(await shown(frame)).toEqual(await shown(fresh));
  console.log(`${done} commits while the stream was cut`);
  await Promise.all([ana.close(), other.close()]);
}, 180_000);

test("six tickets in six tabs: each shows what happened as soon as it is looked at", async () => {
  await waiting(["5"]);
  const ana = await Desk.open(browser, demo(), "Ana Beatriz Souza");
  const mine = await until("tickets", async () => {
    const list = (await rows("all")).filter((one) => one.ticket);
    return list.length >= 4 ? list : undefined;
  });
  const frames = new Map<number, FrameLocator>();
  for (const one of mine) frames.set(one.ticket ?? 0, await ana.sidebar(one.ticket ?? 0));
  // The last ones are tickets without a conversation: their tabs hold a page of the app as well.
  for (const id of [5175, 5178].slice(0, 6 - frames.size)) await ana.sidebar(id);
  const streams = new Set<string>();
  ana.page.on("request", (request) => request.url().includes("/api/v1/stream") && streams.add(request.frame().name()));
  const owner = await anaID();
  for (const one of mine) await api(demo(), "POST", `/conversations/${one.session}/note`, { id: `six-note-${one.ticket}`, agent: { id: owner, name: "Ana" }, text: `Recado para o ticket ${one.ticket}` });
  for (const one of mine) {
    const before = Date.now();
    await ana.page.goto(`${demo().base}/sandbox/helpdesk#/ticket/${one.ticket}`);
    await frames.get(one.ticket ?? 0)?.getByRole("log").getByText(`Recado para o ticket ${one.ticket}`).waitFor();
    console.log(`ticket ${one.ticket}: ${Date.now() - before} ms after its tab was shown`);
  }
  expect(ana.faults).toEqual([]);
  await ana.close();
}, 180_000);
