import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Here } from "../api/types";
import type { LiveEvent } from "../live/live";
import { PageProvider } from "../live/page";
import { others, useHere } from "./here";

describe("others", () => {
  it("leaves the agent out and names those who write first", () => {
    const agents = [
      { id: 1, name: "Eu", typing: true },
      { id: 2, name: "Zé", typing: false },
      { id: 3, name: "Bia", typing: false },
      { id: 4, name: "Rui", typing: true },
      { id: 5, typing: false },
    ];
    expect(others({ session: "s", agents }, 1).map((one) => one.id)).toEqual([4, 5, 3, 2]);
    expect(others(undefined, 1)).toEqual([]);
  });
});

describe("useHere", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function page(agents: Here["agents"] = []) {
    const told: string[] = [];
    let listener: (event: LiveEvent) => void = () => {};
    const client = {
      put: async (_: string, body: { doing: string }) => {
        told.push(body.doing);
        return { session: "s", agents };
      },
    };
    const live = {
      listen: (f: typeof listener) => {
        listener = f;
        return () => {};
      },
      watch: () => () => {},
    };
    const value = { client, live, session: { agent: { id: 1 } }, host: {}, toast: () => {} } as never;
    const wrapper = ({ children }: { children: ReactNode }) => <PageProvider value={value}>{children}</PageProvider>;
    return { told, wrapper, tell: (event: LiveEvent) => act(() => listener(event)) };
  }

  it("tells that the agent looks, every ten seconds while the chat is in view", async () => {
    const { told, wrapper } = page();
    const { rerender, unmount } = renderHook(({ visible }) => useHere("s", visible), { wrapper, initialProps: { visible: true } });
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(told).toEqual(["viewing", "viewing", "viewing"]);
    rerender({ visible: false });
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(told.slice(3)).toEqual(["left"]);
    rerender({ visible: true });
    unmount();
    expect(told.slice(4)).toEqual(["viewing", "left"]);
  });

  it("tells that the agent writes, at most every four seconds", async () => {
    const { told, wrapper } = page();
    const { result } = renderHook(() => useHere("s", true), { wrapper });
    for (let i = 0; i < 9; i++) {
      act(() => result.current.typing());
      await act(() => vi.advanceTimersByTimeAsync(1000));
    }
    expect(told.filter((one) => one === "typing")).toHaveLength(3);
  });

  it("forgets others of whom nothing is heard any more, and ignores other conversations", async () => {
    const { wrapper, tell } = page([{ id: 2, name: "Bia", typing: false }]);
    const { result, rerender } = renderHook(({ visible }) => useHere("s", visible), { wrapper, initialProps: { visible: true } });
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(result.current.others.map((one) => one.name)).toEqual(["Bia"]);
    tell({ kind: "here", here: { session: "other", agents: [] } });
    expect(result.current.others).toHaveLength(1);
    tell({ kind: "here", here: { session: "s", agents: [{ id: 3, name: "Rui", typing: true }] } });
    expect(result.current.others).toEqual([{ id: 3, name: "Rui", typing: true }]);
    rerender({ visible: false });
    await act(() => vi.advanceTimersByTimeAsync(15_000));
    expect(result.current.others).toEqual([]);
  });
});
