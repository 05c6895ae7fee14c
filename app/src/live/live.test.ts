import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Client } from "../api/client";
import { Live, type LiveEvent } from "./live";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A server whose streams the test feeds. */
function server() {
  const opened: { url: string; headers: Record<string, string>; feed: (text: string) => void; end: () => void }[] = [];
  let refuse = 0;
  const fetcher = async (url: unknown, init: unknown) => {
    const { headers, signal } = init as { headers: Record<string, string>; signal: AbortSignal };
    if (refuse) return new Response(null, { status: refuse });
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) });
    signal.addEventListener("abort", () => controller.error(new DOMException("aborted", "AbortError")));
    opened.push({ url: String(url), headers, feed: (text) => controller.enqueue(new TextEncoder().encode(text)), end: () => controller.close() });
    return new Response(body, { status: 200 });
  };
  const live = new Live(new Client(fetcher as typeof fetch), () => 1);
  const heard: LiveEvent[] = [];
  live.listen((event) => heard.push(event));
  return { live, opened, heard, refuse: (status: number) => (refuse = status) };
}

const settle = () => vi.advanceTimersByTimeAsync(1);
const change = (id: string, session: string) => `id: ${id}\nevent: change\ndata: {"session":"${session}"}\n\n`;
const kinds = (list: LiveEvent[]) => list.map((one) => one.kind);

test("a page that has read nothing yet is told to, once the stream is open", async () => {
  const { live, heard } = server();
  live.start();
  await settle();
  expect(kinds(heard)).toEqual(["reset"]);
});

test("a cut stream is opened again at the last event that was heard", async () => {
  const { live, opened, heard } = server();
  live.start("c0");
  await settle();
  expect(opened[0]?.headers["Last-Event-ID"]).toBe("c0");
  opened[0]?.feed(change("c1", "a"));
  await settle();
  opened[0]?.end();
  await settle();
  expect(kinds(heard)).toEqual(["change", "stale"]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(opened[1]?.headers["Last-Event-ID"]).toBe("c1");
  expect(kinds(heard)).toEqual(["change", "stale", "fresh"]);
});

test("silence counts as a cut", async () => {
  const { live, opened, heard } = server();
  live.start("c0");
  await vi.advanceTimersByTimeAsync(30_000);
  opened[0]?.feed(": hb\n\n");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(kinds(heard)).toEqual(["stale", "fresh"]);
  expect(opened).toHaveLength(2);
});

test("a hidden page has no stream, and catches up when it is shown", async () => {
  const { live, opened, heard } = server();
  live.start("c0");
  await settle();
  opened[0]?.feed(change("c1", "a"));
  await settle();
  live.pause();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toHaveLength(1);
  live.resume();
  await settle();
  expect(opened[1]?.headers["Last-Event-ID"]).toBe("c1");
  expect(kinds(heard)).toEqual(["change"]);
});

test("who is watched is told to the server", async () => {
  const { live, opened } = server();
  live.start("c0");
  await settle();
  const stop = live.watch("s1");
  await settle();
  expect(opened.at(-1)?.url).toContain("watch=s1");
  stop();
  await settle();
});

test("a session that is over ends it", async () => {
  const { live, opened, heard, refuse } = server();
  refuse(401);
  live.start("c0");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(opened).toHaveLength(0);
  expect(kinds(heard)).toEqual(["stale"]);
});

test("refusals are waited out, longer each time", async () => {
  const { live, opened, refuse } = server();
  refuse(503);
  live.start("c0");
  await vi.advanceTimersByTimeAsync(6500); // 1 s, 2 s, then 4 s
  refuse(0);
  expect(opened).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(600);
  expect(opened).toHaveLength(1);
});
