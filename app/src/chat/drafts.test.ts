import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/client";
import { Keeper } from "./drafts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function server(kept: { reply?: string; note?: string } = {}) {
  let stored = kept;
  const put = vi.fn(async (_: string, body: unknown, __?: boolean) => void (stored = body as typeof stored));
  const get = vi.fn(async () => stored);
  return { put, get, keeper: new Keeper({ put, get } as never, "/draft"), stored: () => stored };
}

describe("Keeper", () => {
  it("keeps what is written half a second after the last key", async () => {
    const { put, keeper } = server();
    await keeper.load();
    keeper.write("reply", "O");
    await vi.advanceTimersByTimeAsync(400);
    keeper.write("reply", "Olá");
    await vi.advanceTimersByTimeAsync(499);
    expect(put).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(put).toHaveBeenCalledExactlyOnceWith("/draft", { reply: "Olá", note: "" }, false);
  });

  it("keeps both texts together", async () => {
    const { put, keeper } = server({ reply: "resposta", note: "nota" });
    expect(await keeper.load()).toEqual({ reply: "resposta", note: "nota" });
    keeper.write("note", "outra");
    await vi.advanceTimersByTimeAsync(500);
    expect(put).toHaveBeenLastCalledWith("/draft", { reply: "resposta", note: "outra" }, false);
  });

  it("does not put what was kept over what was written meanwhile", async () => {
    const { keeper } = server({ reply: "antiga", note: "nota" });
    const loading = keeper.load();
    keeper.write("reply", "nova");
    expect(await loading).toEqual({ reply: "nova", note: "nota" });
  });

  it("keeps nothing over what is not known, and tries to know it again", async () => {
    const { get, put, keeper, stored } = server({ note: "nota" });
    get.mockRejectedValueOnce(new ApiError(0, "unreachable", ""));
    const loading = keeper.load();
    keeper.write("reply", "a");
    await vi.advanceTimersByTimeAsync(1000);
    expect(put).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await loading).toEqual({ reply: "a", note: "nota" });
    expect(stored()).toEqual({ reply: "a", note: "nota" });
  });

  it("keeps what was written before it is known, also when the chat is closed meanwhile", async () => {
    const { keeper, stored } = server({ note: "nota" });
    const loading = keeper.load();
    keeper.write("reply", "a");
    keeper.close();
    await loading;
    await vi.advanceTimersByTimeAsync(0);
    expect(stored()).toEqual({ reply: "a", note: "nota" });
  });

  it("gives up knowing where that is refused", async () => {
    const { get, put, keeper } = server();
    get.mockRejectedValue(new ApiError(403, "no_session", ""));
    expect(await keeper.load()).toEqual({ reply: "", note: "" });
    keeper.write("reply", "a");
    await vi.advanceTimersByTimeAsync(500);
    expect(put).toHaveBeenCalledOnce();
  });

  it("puts nothing away that has not changed", async () => {
    const { put, keeper } = server({ reply: "a" });
    await keeper.load();
    await keeper.flush();
    keeper.write("reply", "ab");
    keeper.write("reply", "a");
    await vi.advanceTimersByTimeAsync(1000);
    expect(put).not.toHaveBeenCalled();
  });

  it("puts the newest away after one that was under way", async () => {
    const { put, keeper, stored } = server();
    await keeper.load();
    let answer = () => {};
    put.mockImplementationOnce(() => new Promise((resolve) => (answer = () => resolve(undefined))));
    keeper.write("reply", "a");
    await vi.advanceTimersByTimeAsync(500);
    keeper.write("reply", "ab");
    await vi.advanceTimersByTimeAsync(500);
    expect(put).toHaveBeenCalledTimes(1);
    answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(put).toHaveBeenCalledTimes(2);
    expect(stored()).toEqual({ reply: "ab", note: "" });
  });

  it("tries again after a failure, with the newest", async () => {
    const { put, keeper, stored } = server();
    await keeper.load();
    put.mockRejectedValueOnce(new Error("down"));
    keeper.write("reply", "a");
    await vi.advanceTimersByTimeAsync(500);
    expect(stored()).toEqual({});
    await vi.advanceTimersByTimeAsync(5000);
    expect(stored()).toEqual({ reply: "a", note: "" });
  });

  it("keeps at once and lastingly when the page goes, and then stops trying", async () => {
    const { put, keeper } = server();
    await keeper.load();
    put.mockRejectedValue(new Error("down"));
    keeper.write("note", "fim");
    keeper.close();
    expect(put).toHaveBeenCalledWith("/draft", { reply: "", note: "fim" }, true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(put).toHaveBeenCalledTimes(1);
  });
});
