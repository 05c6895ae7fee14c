import { expect, test, vi } from "vitest";
import { ApiError, Client, Refusal } from "./client";

const json = (status: number, body: unknown) => new Response(status === 204 ? null : JSON.stringify(body), { status });

function client(...answers: (Response | Error)[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetcher = async (url: unknown, init: unknown) => {
    asked.push({ url: String(url), init: init as RequestInit });
    const next = answers.shift();
    if (!next || next instanceof Error) throw next ?? new TypeError("nothing left");
    return next;
  };
  return { client: new Client(fetcher as typeof fetch), asked };
}

test("the session's token goes along in a header, never in an address", async () => {
  const { client: c, asked } = client(json(200, { expires: "x" }), json(200, { rows: [] }));
  await c.open("secret-token");
  await c.get("/conversations", { view: "mine", q: undefined, tag: "" });
  expect(asked.map((one) => one.url)).toEqual(["/api/v1/session", "/api/v1/conversations?view=mine"]);
  for (const { init } of asked) {
    expect((init.headers as Record<string, string>).Authorization).toBe("Bearer secret-token");
    expect(init.credentials).toBe("omit");
  }
});

test("a command that takes longer is asked after until its answer is there", async () => {
  vi.useFakeTimers();
  const { client: c, asked } = client(json(202, { id: "c1" }), json(404, { code: "not_found", text: "" }), json(200, { id: "c1", ok: true }));
  const answer = c.command("/conversations/s/reply", "c1", { text: "oi" }, "/conversations/s");
  await vi.runAllTimersAsync();
  expect(await answer).toEqual({ id: "c1", ok: true });
  expect(asked.map((one) => `${one.init.method} ${one.url}`)).toEqual(["POST /api/v1/conversations/s/reply", "GET /api/v1/conversations/s/commands/c1", "GET /api/v1/conversations/s/commands/c1"]);
  vi.useRealTimers();
});

test("a refusal carries the server's words", async () => {
  const { client: c } = client(json(409, { id: "c1", ok: false, code: "window_closed", text: "A janela fechou." }));
  const error = await c.command("/x", "c1", {}, "/x").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Refusal);
  expect(error).toMatchObject({ status: 409, code: "window_closed", message: "A janela fechou.", passing: false });
});

test.each([
  ["no answer", new TypeError("failed"), 0, true],
  ["503", json(503, { code: "unavailable", text: "…" }), 503, true],
  ["an answer that is no JSON", new Response("oops", { status: 502 }), 502, true],
  ["404", json(404, { code: "not_found", text: "…" }), 404, false],
])("%s", async (_, answer, status, passing) => {
  const { client: c } = client(answer);
  const error = (await c.get("/x").catch((e: unknown) => e)) as ApiError;
  expect(error).toBeInstanceOf(ApiError);
  expect([error.status, error.passing]).toEqual([status, passing]);
});

test("a session that is over is told once per refused call", async () => {
  const { client: c } = client(json(401, { code: "unauthorized", text: "" }));
  const over = vi.fn();
  c.onEnded(over);
  await c.get("/x").catch(() => {});
  expect(over).toHaveBeenCalledOnce();
});
