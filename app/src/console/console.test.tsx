import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { type Ref, useImperativeHandle } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ListRow } from "../api/types";
import { Console } from "./console";
import { Answered, at, desk, iso, rowOf, session, show } from "./testing";

vi.setConfig({ testTimeout: 30_000 });

const wait = (minutes: number) => ({ unanswered_since: iso(at - minutes * 60_000), last_inbound: iso(at - minutes * 60_000) });
const rows = (): ListRow[] => [
  rowOf("a", { ...wait(3), owner: 7, contact: { id: "1", name: "Ana Souza" }, organization: { id: 1, name: "Padaria", checked: iso(at), pending: "yes" } }),
  rowOf("b", { ...wait(20), state: "queued", queue: "N1", contact: { id: "2", name: "Bruno" }, tags: ["vip"], attention: true, last: { at: iso(at), author: "customer", text: "Cadê vocês?" } }),
  rowOf("c", { owner: 8, owner_name: "Paulo", contact: { id: "3", name: "Carla" }, muted: true, draft: true, snoozed_until: iso(at + 9_000_000), window: { open: true, ends: iso(at + 3_600_000) } }),
];
const listed = () => [...document.querySelectorAll<HTMLElement>('[role="listbox"] [role="option"]')];
const names = () => listed().map((one) => /Ana Souza|Bruno|Carla|Davi/.exec(one.textContent ?? "")?.[0]);
const row = async (name: string) => {
  const [one] = await waitFor(() => {
    const found = listed().filter((el) => el.textContent?.includes(name));
    expect(found).toHaveLength(1);
    return found;
  });
  return one as HTMLElement;
};
const heading = (name: string) => waitFor(() => expect(document.querySelector("header h2")?.textContent).toBe(name));
const search = () => screen.getByPlaceholderText("Nome, telefone, CNPJ ou ticket");
const press = (key: string, more: object = {}) => fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });

const focused = vi.fn();
vi.mock("../chat/chat", () => ({
  Chat: ({ session, handle }: { session: string; handle: Ref<unknown> }) => {
    useImperativeHandle(handle, () => ({ focus: focused }));
    return <div data-testid="chat">{session}</div>;
  },
}));

beforeEach(() => {
  window.matchMedia = ((query: string) => ({ matches: query.includes("min-width"), media: query, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {}, dispatchEvent: () => false, onchange: null })) as never;
});

describe("Console", () => {
  it.each(["light", "dark"] as const)("has no faults of accessibility, %s", async (scheme) => {
    const { container } = await show(<Console />, desk(rows()).fetcher, { scheme });
    fireEvent.click(await row("Ana Souza"));
    await heading("Ana Souza");
    const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map((one) => `${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
  });

  it("lists by the longest wait and goes on from the list's cursor", async () => {
    const { started } = await show(<Console />, desk(rows()).fetcher);
    await row("Bruno");
    expect(names()).toEqual(["Bruno", "Ana Souza", "Carla"]);
    expect(started).toHaveBeenCalledWith("1");
    expect(await row("Bruno")).toHaveTextContent("Cadê vocês?");
    expect(await row("Bruno")).toHaveTextContent("20 min");
    expect(await row("Carla")).toHaveTextContent("Há um rascunho");
    expect(screen.getByText("3 conversas")).toBeVisible();
  });

  it("takes changes in at once, and behind a button while the pointer is over the list", async () => {
    const { tell } = await show(<Console />, desk(rows()).fetcher);
    await row("Bruno");
    act(() => tell({ kind: "change", row: rowOf("a", { ...wait(40), owner: 7, contact: { id: "1", name: "Ana Souza" } }) }));
    await waitFor(() => expect(names()[0]).toBe("Ana Souza"));
    fireEvent.pointerEnter(document.querySelector('[role="listbox"]') as Element);
    act(() => {
      tell({ kind: "change", row: rowOf("d", { ...wait(90), contact: { id: "4", name: "Davi" } }) });
      tell({ kind: "gone", session: "b" });
    });
    const button = await screen.findByText("1 nova");
    expect(names()).toEqual(["Ana Souza", "Bruno", "Carla"]);
    expect(await row("Bruno")).toHaveTextContent("Saiu desta lista");
    fireEvent.click(button);
    expect(names()).toEqual(["Davi", "Ana Souza", "Carla"]);
  });

  it("says that there is a new message, and reads its words soon", async () => {
    const all = rows();
    const { asked, fetcher } = desk(all);
    const { tell } = await show(<Console />, fetcher);
    await row("Bruno");
    const { last, ...known } = all[1] as ListRow;
    const news = { ...known, lines: 2, last_inbound: iso(at + 1000) };
    all[1] = { ...news, last: { at: iso(at + 1000), author: "customer", text: "Alô?" } };
    act(() => tell({ kind: "change", row: news }));
    await waitFor(async () => expect(await row("Bruno")).toHaveTextContent("Nova mensagem"));
    await waitFor(async () => expect(await row("Bruno")).toHaveTextContent("Alô?"));
    expect(asked.filter((one) => one.path === "/conversations" && one.query.q).map((one) => one.query.q)).toEqual(["b"]);
    expect(last?.text).toBe("Cadê vocês?");
  });

  it("reads everything again after a reset", async () => {
    const all = rows();
    const { fetcher } = desk(all);
    const { tell } = await show(<Console />, fetcher);
    await row("Bruno");
    all.push(rowOf("d", { ...wait(90), contact: { id: "4", name: "Davi" } }));
    act(() => tell({ kind: "reset" }));
    await waitFor(() => expect(names()[0]).toBe("Davi"));
  });

  it("works by keys: list, open, next, search, letters of actions", async () => {
    await show(<Console />, desk(rows()).fetcher);
    await row("Bruno");
    press("j");
    press("j");
    expect(document.activeElement).toHaveAttribute("role", "listbox");
    press("Enter");
    await heading("Ana Souza");
    press("ArrowUp", { altKey: true });
    await heading("Bruno");
    await screen.findByTestId("chat");
    press("n");
    await waitFor(() => expect(focused).toHaveBeenCalledWith("note"));
    press("/");
    await waitFor(() => expect(search()).toHaveFocus());
    press("j");
    expect(search()).toHaveFocus();
    press("?");
    expect(screen.queryByText("Atalhos e avisos")).toBeNull();
    (document.activeElement as HTMLElement).blur();
    press("?");
    expect(await screen.findByText("Atalhos e avisos")).toBeInTheDocument();
    expect(screen.getAllByText("Transferir")).toHaveLength(2);
    fireEvent.click(screen.getByLabelText("Atalhos de uma só tecla"));
    fireEvent.click(screen.getByLabelText("Fechar"));
    await waitFor(() => expect(screen.queryByText("Atalhos e avisos")).toBeNull());
    press("?");
    await act(async () => {});
    expect(screen.queryByText("Atalhos e avisos")).toBeNull();
    press("k", { ctrlKey: true });
    expect(await screen.findByPlaceholderText("Ação, lista, fila ou cliente")).toBeInTheDocument();
  });

  it("greets where the conversation is the agent's own, once, and nowhere else", async () => {
    const { asked, fetcher } = desk(rows());
    await show(<Console />, fetcher);
    for (const name of ["Bruno", "Carla", "Ana Souza", "Bruno", "Ana Souza"]) {
      fireEvent.click(await row(name));
      await heading(name);
    }
    expect(asked.filter((one) => one.path.endsWith("/open")).map((one) => one.path)).toEqual(["/conversations/a/open"]);
  });

  it("offers to take what waits, and says who was faster", async () => {
    const { fetcher } = desk(rows(), { "POST /conversations/b/take": (one) => new Answered(409, { id: one.body?.id, ok: false, code: "taken", text: "Ana assumiu esta conversa antes." }) });
    const { toast } = await show(<Console />, fetcher);
    fireEvent.click(await row("Bruno"));
    expect(await screen.findByText("Esta conversa aguarda na fila N1. Assuma para atender.")).toBeVisible();
    fireEvent.click(screen.getByText("Assumir"));
    await waitFor(() => expect(toast).toHaveBeenCalledWith("Ana assumiu esta conversa antes.", "error"));
  });

  it("searches after a pause, and offers other lists where nothing is found", async () => {
    const { asked, fetcher } = desk(rows());
    await show(<Console />, fetcher);
    await row("Bruno");
    await userEvent.type(search(), "bruno");
    await waitFor(() => expect(screen.getByText("1 resultado")).toBeVisible());
    expect(asked.filter((one) => one.path === "/conversations" && one.query.q).map((one) => one.query.q)).toEqual(["bruno"]);
    fireEvent.click(screen.getByText(/Busca: bruno/));
    await waitFor(() => expect(screen.getByText("3 conversas")).toBeVisible());
    await userEvent.type(search(), "zzz");
    fireEvent.click(await screen.findByText("Buscar nas encerradas"));
    await waitFor(() => expect(asked.at(-1)?.query).toMatchObject({ view: "ended", q: "zzz" }));
  });

  it("asks for what the navigation says, and sets my presence by a command", async () => {
    const { asked, fetcher } = desk(rows());
    await show(<Console />, fetcher);
    await row("Bruno");
    fireEvent.click(await screen.findByTitle("1 atendente disponível"));
    await waitFor(() => expect(asked.some((one) => one.query.queue === "N1")).toBe(true));
    fireEvent.click(screen.getByText(/Fila: N1/));
    fireEvent.click(screen.getByText("Minhas"));
    await waitFor(() => expect(asked.some((one) => one.query.view === "mine")).toBe(true));
    fireEvent.change(screen.getByLabelText("Minha disponibilidade"), { target: { value: "away" } });
    await waitFor(() => expect(asked.some((one) => one.method === "PUT" && one.path === "/agents/7/presence" && one.body?.presence === "away" && one.body.id)).toBe(true));
  });

  it("says what an agent may not see and what failed", async () => {
    const { fetcher } = desk(rows(), { "GET /conversations/b": () => new Answered(404, { code: "not_found", text: "" }) });
    const { unmount } = await show(<Console />, fetcher, { session: { ...session, agent: { ...session.agent, role: "agent" } } });
    expect(screen.queryByText("Supervisão")).toBeNull();
    expect(screen.queryByText("De outros")).toBeNull();
    fireEvent.click(await row("Bruno"));
    expect(await screen.findByText("Esta conversa não existe mais ou saiu das suas filas.")).toBeVisible();
    unmount();
    await show(<Console />, desk([], { "GET /conversations": () => new Answered(503, { code: "unavailable", text: "O serviço está indisponível agora." }) }).fetcher);
    expect(await screen.findByText("O serviço está indisponível agora.")).toBeVisible();
  });

  it("tells of what is new in the agent's own conversations", async () => {
    const { asked, fetcher } = desk(rows());
    const { tell, toast, notified } = await show(<Console />, fetcher);
    await row("Bruno");
    await waitFor(() => expect(asked.some((one) => one.query.agent === "7")).toBe(true));
    await act(async () => {});
    act(() => {
      tell({ kind: "change", row: rowOf("a", { owner: 7, last_inbound: iso(at), contact: { id: "1", name: "Ana Souza" } }) });
      tell({ kind: "change", row: rowOf("c", { owner: 8, last_inbound: iso(at), contact: { id: "3", name: "Carla" } }) });
    });
    await waitFor(() => expect(toast).toHaveBeenCalledWith("Nova mensagem de Ana Souza", "info"), { timeout: 3000 });
    expect(notified.mock.calls).toEqual([["Nova mensagem de Ana Souza", "notice"]]);
  });

  it("exports the list that is shown", async () => {
    const made = vi.fn(() => "blob:x");
    Object.assign(URL, { createObjectURL: made, revokeObjectURL: () => {} });
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    const { asked, fetcher } = desk(rows());
    await show(<Console />, fetcher);
    await row("Bruno");
    fireEvent.click(screen.getByLabelText("Exportar a lista (CSV)"));
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    expect(asked.at(-1)?.query).toMatchObject({ view: "all", sort: "waiting", format: "csv" });
  });
});
