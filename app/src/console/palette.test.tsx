import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import Palette from "./palette";
import { desk, rowOf, show } from "./testing";

vi.setConfig({ testTimeout: 30_000 });

const entries = () => [
  { id: "1", label: "Transferir", kind: "Ação", keys: "T", run: vi.fn() },
  { id: "2", label: "Minhas", kind: "Lista", run: vi.fn() },
];
const shown = () => [...document.querySelectorAll('[role="option"]')].map((one) => one.querySelector("span")?.textContent);

it("finds actions, lists and conversations, and runs the one that is chosen", async () => {
  const list = entries();
  const open = vi.fn();
  const close = vi.fn();
  const { fetcher, asked } = desk([rowOf("a", { contact: { id: "c", name: "Maria Trava" }, organization: { id: 1, name: "Padaria", checked: "" } })]);
  await show(<Palette entries={list} open={open} close={close} />, fetcher);
  const input = await screen.findByRole("combobox");
  expect(input).toHaveFocus();
  expect(shown()).toEqual(["Transferir", "Minhas"]);
  fireEvent.keyDown(input, { key: "ArrowDown" });
  expect(input.getAttribute("aria-activedescendant")).toBe(document.querySelector('[aria-selected="true"]')?.id);
  fireEvent.keyDown(input, { key: "Enter" });
  expect(list[1]?.run).toHaveBeenCalledOnce();
  expect(close).toHaveBeenCalledOnce();
  fireEvent.change(input, { target: { value: "tra" } });
  await waitFor(() => expect(shown()).toEqual(["Transferir", "Maria Trava · Padaria"]));
  expect(asked.filter((one) => one.path === "/conversations").map((one) => one.query.q)).toEqual(["tra"]);
  fireEvent.click(screen.getByText("Maria Trava · Padaria"));
  expect(open).toHaveBeenCalledWith("a");
  fireEvent.change(input, { target: { value: "zzzz" } });
  await waitFor(() => expect(screen.getByText("Nada encontrado.")).toBeInTheDocument());
  fireEvent.keyDown(input, { key: "Enter" });
  expect(close).toHaveBeenCalledTimes(2);
});
