// Figures, printed and not judged: the first paint, and a list of 2,000 conversations.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Demo, startDemo, until } from "./demo";
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

/** A list as the API answers it, with so many rows. */
function list(n: number): unknown {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const rows = Array.from({ length: n }, (_, i) => ({
    session: `wa-1-${i}-1`,
    number: "106540352242922",
    state: "queued",
    contact: { id: `c${i}`, name: `Cliente número ${i}`, phone: `+55119${String(10_000_000 + i)}` },
    organization: { id: i, name: `Empresa ${i} Ltda`, cnpj: "11.222.333/0001-81", pending: "no", checked: at(1) },
    queue: "Suporte N1",
    started: at(i),
    queued_since: at(i),
    unanswered_since: at(i),
    last_inbound: at(i),
    window: { open: true, ends: at(i - 1440) },
    lines: 3,
    last: { at: at(i), author: "customer", text: `Mensagem do cliente ${i}, que ainda espera por uma resposta`, type: "text" },
  }));
  return { rows, total: n, cursor: "", now: new Date().toISOString() };
}

test("first paint, and 2,000 conversations", async () => {
  const desk = await Desk.open(browser, demo, "Ana Beatriz Souza");
  await desk.page.context().route(/\/api\/v1\/conversations\?/, (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify(list(2000)) }));
  const console_ = await desk.console();
  await console_.getByText("Cliente número").first().waitFor();
  const frame = await desk.frame("app-nav_bar");
  const paint = await frame.evaluate(() => performance.getEntriesByType("paint").map((one) => `${one.name} ${one.startTime.toFixed(0)} ms`));
  const rows = await frame.locator('[id^="row-"]').count();
  const frames = await until("a scrolled list", () =>
    frame.evaluate(async () => {
      let box: HTMLElement | null | undefined = document.querySelector<HTMLElement>('[id^="row-"]');
      while (box && !(box.scrollHeight > box.clientHeight + 1000)) box = box.parentElement;
      if (!box) return undefined;
      const times: number[] = [];
      let last = performance.now();
      for (let i = 0; i < 120; i++) {
        box.scrollTop += 700;
        await new Promise((done) => requestAnimationFrame(done));
        times.push(performance.now() - last);
        last = performance.now();
      }
      return times.sort((a, b) => a - b);
    }),
  );
  const at = (share: number) => (frames[Math.floor(frames.length * share)] ?? 0).toFixed(0);
  console.log(`first paint of the console: ${paint.join(", ")}`);
  console.log(`2,000 conversations: ${rows} rows in the page; 120 jumps of 700 px: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${frames.at(-1)?.toFixed(0)} ms`);
  expect(rows).toBeGreaterThan(5);
  expect(rows).toBeLessThan(100); // the rest is not in the page
  await desk.close();
});
