// A second instance of the product, on the same Redis and with the same peers as a demo.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { type Demo, startDemo, until } from "./demo";

/** A demo and `ponte serve` beside it. */
export interface Fleet {
  demo: Demo;
  /** Where the second instance answers. */
  second: string;
  stop: () => Promise<void>;
}

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await gone;
}

/** Starts Redis, a demo and a second instance. */
export async function startFleet(): Promise<Fleet> {
  const dir = await mkdtemp(resolve(tmpdir(), "ponte-fleet-"));
  const [redisPort, port] = [await freePort(), await freePort()];
  const redis = spawn("redis-server", ["--port", String(redisPort), "--bind", "127.0.0.1", "--dir", dir, "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", ""], { stdio: "ignore" });
  const url = `redis://127.0.0.1:${redisPort}/0`;
  const demo = await startDemo({ PONTE_REDIS_URL: url });
  const second = `http://127.0.0.1:${port}`;
  const serve = spawn(resolve(import.meta.dirname, "../../bin/ponte"), ["serve"], {
    env: {
      ...process.env,
      PONTE_HTTP_ADDR: `127.0.0.1:${port}`,
      PONTE_REDIS_URL: url,
      PONTE_ZENDESK_URL: `${demo.base}/sandbox/zendesk`,
      PONTE_ZENDESK_CLIENT_ID: "ponte-demo",
      PONTE_ZENDESK_CLIENT_SECRET: "demo-client-secret",
      PONTE_ZENDESK_WEBHOOK_SECRET: "demo-webhook-secret",
      PONTE_WHATSAPP_API_URL: `${demo.base}/sandbox/whatsapp`,
      PONTE_WHATSAPP_APP_SECRET: "demo-app-secret",
      PONTE_WHATSAPP_VERIFY_TOKEN: "demo-verify-token",
      PONTE_WHATSAPP_ACCESS_TOKEN: "demo-access-token",
      PONTE_API_SECRET: "demo-api-secret",
    },
    stdio: "ignore",
  });
  await until("the second instance", async () => (await fetch(`${second}/readyz`)).ok);
  return {
    demo,
    second,
    stop: async () => {
      await end(serve);
      await demo.stop();
      await end(redis);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
