import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, it, vi } from "vitest";
import { Details } from "./details";
import { Answered, at, conversationOf, desk, iso, rowOf, show } from "./testing";

vi.setConfig({ testTimeout: 30_000 });

const company = { id: 1, name: "Padaria Pão Quente", cnpj: "12.345.678/0001-95", checked: iso(at) };

const full = conversationOf(rowOf("a", { ticket: 4711, organization: { ...company, pending: "yes" }, queue: "N1" }), {
  mismatches: ["session", "status"],
  tags: ["vip"],
  muted: true,
  attention: true,
  snoozed_until: iso(at),
  survey: [5, 4],
  allowed: ["identify"],
  requester: "Bruno",
  waiting: { ticket: 2, phone: 0, kept: 1, files: 0 },
  verdict: { at: iso(at), outcome: "agent_abandonment", corrections: ["wrong_title"], evidence: "O cliente escreveu por último.", open: ["xyz"], overruled: { at: iso(at), reason: "engano", outcome: "client_abandonment" } },
});

const past = { conversations: [{ session: "old", started: iso(at), state: "closed", subject: "Boleto" }], tickets: [{ id: 12, subject: "Nota", status: "solved" }] };

describe("Details", () => {
  it.each(["light", "dark"] as const)("tells all that is known, %s", async (scheme) => {
    const look = vi.fn();
    const { fetcher } = desk([], { "GET /conversations/a/history": () => past });
    const { container, host } = await show(
      <main>
        <h1>Detalhes</h1>
        <Details conversation={full} look={look} />
      </main>,
      fetcher,
      { scheme },
    );
    expect(screen.getByText("⚠ Com pendência financeira")).toBeVisible();
    expect(screen.getByText("O ticket tem outro ID de sessão")).toBeVisible();
    expect(screen.getByText("Abandono do analista")).toBeVisible();
    expect(screen.getByText("5/5 · 4/5")).toBeVisible();
    await userEvent.click(await screen.findByRole("button", { name: /Ler a conversa de/ }));
    expect(look).toHaveBeenCalledWith("old");
    await userEvent.click(screen.getByRole("button", { name: "#12" }));
    await userEvent.click(screen.getByRole("button", { name: "Ticket #4711" }));
    expect(host.openTicket.mock.calls).toEqual([[12], [4711]]);
    const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map((one) => one.id)).toEqual([]);
  });

  it("never takes what is not known for a no", async () => {
    const { fetcher } = desk([]);
    await show(<Details conversation={conversationOf(rowOf("b", { flags: ["no_cnpj", "no_email"] }))} />, fetcher);
    expect(screen.getByText("Pendência não verificada")).toBeVisible();
    expect(screen.queryByText(/Sem pendência/)).toBeNull();
    expect(screen.getByText("CNPJ não informado")).toBeVisible();
    expect(screen.getByText("E-mail não informado")).toBeVisible();
    expect(screen.getByText("Ainda sem ticket")).toBeVisible();
    expect(await screen.findByText(/Primeiro contato/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Consultar de novo" })).toBeNull();
  });

  it("asks again by the CNPJ that is known", async () => {
    const { fetcher, asked } = desk([]);
    await show(<Details conversation={full} />, fetcher);
    await userEvent.click(screen.getByRole("button", { name: "Consultar de novo" }));
    expect(asked.find((one) => one.path === "/conversations/a/identify")?.body).toMatchObject({ cnpj: "12.345.678/0001-95" });
  });

  it("says which part could not be read", async () => {
    const { fetcher } = desk([], { "GET /conversations/a/history": () => new Answered(503, { code: "unavailable", text: "" }) });
    await show(<Details conversation={full} />, fetcher);
    expect(await screen.findByRole("alert")).toHaveTextContent("Tentar de novo");
  });
});
