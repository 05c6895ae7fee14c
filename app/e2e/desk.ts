// An agent at the simulated helpdesk, in a browser.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type Frame, type FrameLocator, type Page, chromium } from "playwright-core";
import { type Demo, until } from "./demo";

/** The browser that the system has. Storage is blocked in frames of other sites, which is the strict case. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How large the window is: the smallest that the pages promise to be good at. */
const viewport = { width: 1280, height: 720 };

/** An agent's window. */
export class Desk {
  /** Errors that the page and its frames told. */
  readonly faults: string[] = [];

  private constructor(
    private readonly demo: Demo,
    readonly page: Page,
  ) {
    page.on("pageerror", (error) => this.faults.push(error.message));
  }

  /** Signs in as an agent by name, in a browser profile of its own. */
  static async open(browser: Browser, demo: Demo, agent: string, scheme: "light" | "dark" = "light"): Promise<Desk> {
    const context = await browser.newContext({ viewport, colorScheme: scheme, reducedMotion: "reduce", locale: "pt-BR", timezoneId: "America/Sao_Paulo" });
    const page = await context.newPage();
    const desk = new Desk(demo, page);
    await page.goto(`${demo.base}/sandbox/helpdesk`);
    await page.getByRole("button", { name: agent }).click();
    await page.locator(".rail").getByRole("link", { name: "Conversas" }).waitFor();
    return desk;
  }

  /** Shows the console, and gives its frame. */
  async console(): Promise<FrameLocator> {
    await this.page.goto(`${this.demo.base}/sandbox/helpdesk#/app`);
    const frame = this.page.frameLocator('iframe[name^="app-nav_bar"]');
    await frame.getByRole("button", { name: "Nova conversa" }).waitFor();
    return frame;
  }

  /** Shows a ticket, and gives the frame of the app beside it. */
  async sidebar(ticket: number): Promise<FrameLocator> {
    await this.page.goto(`${this.demo.base}/sandbox/helpdesk#/ticket/${ticket}`);
    const shown = this.page.locator("iframe.app-frame:visible");
    const name = await until(`the app beside ticket ${ticket}`, async () => (await shown.count()) === 1 && (await shown.getAttribute("name")));
    const frame = this.page.frameLocator(`iframe[name="${name}"]`);
    await frame.locator("main").waitFor();
    return frame;
  }

  /** The page of a frame of the app, for scripts. */
  frame(name: string): Promise<Frame> {
    return until(`frame ${name}`, async () => this.page.frames().find((one) => one.name().startsWith(name)));
  }

  /** What axe finds wrong in the frame of the app that is shown. */
  async violations(): Promise<string[]> {
    const name = await this.page.locator("iframe.app-frame:visible").getAttribute("name");
    const frame = await this.frame(name ?? "");
    await frame.evaluate(axe);
    return frame.evaluate(async () => {
      const run = (window as unknown as { axe: { run(o: unknown): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe;
      const { violations } = await run.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
      return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`));
    });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
