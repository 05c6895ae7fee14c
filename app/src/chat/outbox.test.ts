import { describe, expect, it, vi } from "vitest";
import { ApiError, Refusal } from "../api/client";
import type { Answer } from "../api/types";
import { Outbox, type OutEvent, type Outgoing, type OutState, step } from "./outbox";

function item(id: string, state: OutState = "waiting"): Outgoing {
  return { id, kind: "reply", at: 0, text: `texto ${id}`, body: { text: `texto ${id}` }, state, kept: false, reason: "", code: "" };
}

const states: OutState[] = ["waiting", "taken", "failed", "refused"];

describe("step", () => {
  it("adds a thing once", () => {
    const list = step([], { kind: "added", item: item("a") });
    expect(step(list, { kind: "added", item: item("a") })).toBe(list);
    expect(step(list, { kind: "added", item: item("b") }).map((one) => one.id)).toEqual(["a", "b"]);
  });

  const moves: [OutEvent, OutState, OutState][] = [
    [{ kind: "taken", id: "a", kept: false }, "waiting", "taken"],
    [{ kind: "failed", id: "a", code: "unreachable", reason: "" }, "waiting", "failed"],
    [{ kind: "refused", id: "a", code: "conversation_ended", reason: "encerrada" }, "waiting", "refused"],
    [{ kind: "again", id: "a" }, "failed", "waiting"],
  ];
  for (const [event, from, to] of moves) {
    for (const state of states) {
      it(`${event.kind} leads from ${state} to ${state === from ? to : state}`, () => {
        expect(step([item("b"), item("a", state)], event).map((one) => one.state)).toEqual(["waiting", state === from ? to : state]);
      });
    }
  }

  it("keeps what the server keeps apart", () => {
    expect(step([item("a")], { kind: "taken", id: "a", kept: true })[0]?.kept).toBe(true);
  });

  it("forgets the reason of a failure when it is tried again", () => {
    const failed = step([item("a")], { kind: "failed", id: "a", code: "unreachable", reason: "sem resposta" });
    expect(step(failed, { kind: "again", id: "a" })[0]).toMatchObject({ id: "a", reason: "", code: "" });
  });

  it.each(states)("lets a message go that arrived, although it was thought %s", (state) => {
    expect(step([item("a", state), item("b")], { kind: "arrived", commands: new Set(["a"]) }).map((one) => one.id)).toEqual(["b"]);
  });

  it("drops nothing that is on its way", () => {
    expect(step([item("a")], { kind: "dropped", id: "a" })).toHaveLength(1);
    expect(step([item("a", "failed")], { kind: "dropped", id: "a" })).toHaveLength(0);
  });
});

/** A server whose answers the test gives one by one. */
function server() {
  const calls: { path: string; id: string; body: unknown; answer: (a: Partial<Answer>) => void; fail: (e: unknown) => void }[] = [];
  const command = vi.fn(
    (path: string, id: string, body: unknown) =>
      new Promise<Answer>((resolve, reject) => {
        calls.push({ path, id, body, answer: (a) => resolve({ id, ok: true, ...a } as Answer), fail: reject });
      }),
  );
  return { calls, outbox: new Outbox({ command } as never), settle: () => new Promise((resolve) => setTimeout(resolve)) };
}

describe("Outbox", () => {
  it("sends one thing after the other in a conversation", async () => {
    const { calls, outbox, settle } = server();
    outbox.send("s", item("a"));
    outbox.send("s", item("b"));
    outbox.send("other", item("c"));
    await settle();
    expect(calls.map((one) => one.id)).toEqual(["a", "c"]);
    calls[0]?.answer({});
    await settle();
    expect(calls.map((one) => one.id)).toEqual(["a", "c", "b"]);
    expect(calls[0]).toMatchObject({ path: "/conversations/s/reply", body: { text: "texto a" } });
  });

  it("tries again as the same command, and only what failed", async () => {
    const { calls, outbox, settle } = server();
    outbox.send("s", item("a"));
    await settle();
    outbox.again("s", "a");
    await settle();
    expect(calls).toHaveLength(1);
    calls[0]?.fail(new ApiError(0, "unreachable", ""));
    await settle();
    expect(outbox.of("s")[0]).toMatchObject({ state: "failed", code: "unreachable" });
    expect(outbox.open).toBe(true);
    outbox.again("s", "a");
    outbox.again("s", "a");
    await settle();
    expect(calls.map((one) => [one.id, one.body])).toEqual([
      ["a", { text: "texto a" }],
      ["a", { text: "texto a" }],
    ]);
    calls[1]?.answer({ delivery: "kept" });
    await settle();
    expect(outbox.of("s")[0]).toMatchObject({ state: "taken", kept: true });
    expect(outbox.open).toBe(false);
  });

  it.each([
    [new Refusal({ id: "a", ok: false, code: "conversation_stopped", text: "Reinicie a conversa." }), "refused", "Reinicie a conversa."],
    [new ApiError(400, "bad_request", "Texto longo demais."), "refused", "Texto longo demais."],
    [new ApiError(403, "forbidden", "Sem permissão."), "refused", "Sem permissão."],
    [new ApiError(401, "http_401", ""), "failed", ""],
    [new ApiError(503, "unavailable", "Tente de novo."), "failed", "Tente de novo."],
    [new ApiError(429, "slow", "Devagar."), "failed", "Devagar."],
    [new TypeError("broken"), "failed", ""],
  ])("knows what became of it after %s", async (error, state, reason) => {
    const { calls, outbox, settle } = server();
    outbox.send("s", item("a"));
    await settle();
    calls[0]?.fail(error);
    await settle();
    expect(outbox.of("s")[0]).toMatchObject({ state, reason });
  });

  it("goes on with the next thing after a failure", async () => {
    const { calls, outbox, settle } = server();
    outbox.send("s", item("a"));
    outbox.send("s", item("b"));
    await settle();
    calls[0]?.fail(new ApiError(0, "unreachable", ""));
    await settle();
    expect(calls.map((one) => one.id)).toEqual(["a", "b"]);
  });

  it("tells where something failed that nobody looks at", async () => {
    const { calls, outbox, settle } = server();
    outbox.lost = vi.fn();
    const leave = outbox.listen("s", () => {});
    outbox.send("s", item("a"));
    outbox.send("s", item("b"));
    await settle();
    calls[0]?.fail(new ApiError(0, "unreachable", ""));
    await settle();
    expect(outbox.lost).not.toHaveBeenCalled();
    leave();
    calls[1]?.fail(new ApiError(0, "unreachable", ""));
    await settle();
    expect(outbox.lost).toHaveBeenCalledWith("s");
    expect(outbox.of("s").map((one) => one.state)).toEqual(["failed", "failed"]);
  });
});
