import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SelectionProvider, chosen, useLogSelection, useSelection } from "./selection";

const order = ["a", "b", "c", "d", "e"];

describe("chosen", () => {
  it.each([
    ["", "b", false, [], ["b"]],
    ["b", "b", false, ["b"], []],
    ["b", "d", true, ["b"], ["b", "c", "d"]],
    ["d", "b", true, ["d", "a"], ["a", "b", "c", "d"]],
    ["x", "d", true, [], ["d"]],
    ["", "d", true, [], ["d"]],
  ])("from %s to %s, extending %s", (last, id, extend, before, after) => {
    expect([...chosen(order, new Set(before), last, id, extend)].sort()).toEqual(after);
  });
});

describe("useSelection", () => {
  it("begins, extends in the log's order, and stops", () => {
    const { result } = renderHook(() => ({ own: useSelection(), log: useLogSelection() }), { wrapper: SelectionProvider });
    expect(result.current.log.possible).toBe(true);
    act(() => result.current.log.offer(order));
    act(() => result.current.own.start());
    expect(result.current.own).toMatchObject({ active: true, ids: [] });
    act(() => result.current.own.toggle("d"));
    act(() => result.current.own.toggle("b", true));
    expect(result.current.own.ids).toEqual(["b", "c", "d"]);
    act(() => result.current.own.start());
    expect(result.current.own.ids).toEqual(["b", "c", "d"]);
    act(() => result.current.own.stop());
    expect(result.current.own).toMatchObject({ active: false, ids: [] });
    act(() => result.current.own.toggle("a", true));
    expect(result.current.own.ids).toEqual(["a"]);
  });

  it("is idle without a provider", () => {
    const { result } = renderHook(() => ({ own: useSelection(), log: useLogSelection() }));
    act(() => result.current.own.toggle("a"));
    expect(result.current.own).toMatchObject({ active: false, ids: [] });
    expect(result.current.log.possible).toBe(false);
  });
});
