// The whole product, started for one test file: `ponte demo` on a port of its own with data of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { resolve } from "node:path";

const binary = resolve(import.meta.dirname, "../../bin/ponte");

/** How long the product may take to be there, in milliseconds. */
const patience = 30_000;

/** The demo's secret for programs; it is public. */
export const secret = "demo-api-secret";

/** A running demo. */
export interface Demo {
  /** Where it answers, such as http://127.0.0.1:40123. */
  base: string;
  /** What it wrote to its log. */
  log: () => string;
  stop: () => Promise<void>;
}

/** Starts a demo; env adds to its environment. */
export async function startDemo(env: Record<string, string> = {}): Promise<Demo> {
  if (!existsSync(binary)) throw new Error("bin/ponte is not built: run `make build` first");
  const data = await mkdtemp(resolve(tmpdir(), "ponte-e2e-"));
  const child = spawn(binary, ["demo"], { env: { ...process.env, PONTE_HTTP_ADDR: "127.0.0.1:0", PONTE_DATA_DIR: data, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const base = await address(child, () => log);
  return {
    base,
    log: () => log,
    stop: async () => {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await gone;
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The address that the demo prints when it is there. */
function address(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((done, failed) => {
    let out = "";
    const timer = setTimeout(() => failed(new Error(`the demo did not start: ${log()}`)), patience);
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const found = /Ponte demo: (http:\/\/[^/\s]+)/.exec(out)?.[1];
      if (!found) return;
      clearTimeout(timer);
      done(found);
    });
    child.once("exit", (code) => failed(new Error(`the demo ended with ${code}: ${log()}`)));
  });
}

/** Calls the demo and reads JSON. */
export async function call<T>(demo: Demo, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(demo.base + path, { method, headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers }, body: body === undefined ? null : JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** The API as a program asks it. */
export const api = <T>(demo: Demo, method: string, path: string, body?: unknown) => call<T>(demo, method, `/api/v1${path}`, body, { Authorization: `Bearer ${secret}` });

/** Waits until f tells something; throws what it said last. */
export async function until<T>(what: string, f: () => Promise<T | undefined | false>, most = 20_000): Promise<T> {
  const end = Date.now() + most;
  for (let last: unknown; ; ) {
    try {
      const got = await f();
      if (got) return got;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${most} ms`, { cause: last });
    await new Promise((done) => setTimeout(done, 100));
  }
}
