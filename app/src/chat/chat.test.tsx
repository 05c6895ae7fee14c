import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, it, vi } from "vitest";
import { message, showChat } from "./testing";

const reply = async () => {
  await screen.findByRole("log");
  return screen.findByRole("textbox", { name: "Resposta ao cliente" });
};
const bubble = (text: string) => screen.getByText(text).closest<HTMLElement>('[role="article"]') as HTMLElement;

describe("sending", () => {
  it("shows what is sent at once and becomes the server's message, in the same place", async () => {
    const { server } = showChat();
    const user = userEvent.setup();
    server.hold("reply");
    await user.type(await reply(), "Olá, já vejo.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    const before = bubble("Olá, já vejo.");
    expect(within(before).getByText("Enviando…")).toBeInTheDocument();
    expect(await reply()).toHaveValue("");
    const id = server.commands[0]?.id as string;
    server.say(message({ id: "e1", author: "agent", agent: 7, origin: "app", text: "Olá, já vejo.", command: id, delivery: "delivered" }));
    server.release();
    await waitFor(() => expect(within(bubble("Olá, já vejo.")).getByText("Entregue")).toBeInTheDocument());
    expect(bubble("Olá, já vejo.")).toBe(before);
    expect(screen.getAllByText("Olá, já vejo.")).toHaveLength(1);
  });

  it("tries what failed again under the same id, and not before it is asked to", async () => {
    const { server } = showChat();
    const user = userEvent.setup();
    server.next("reply", () => Promise.reject(new TypeError("network")));
    await user.type(await reply(), "De novo");
    await user.click(screen.getByRole("button", { name: "Enviar" }));
    const failed = await screen.findByText(/Não enviada: sem resposta do servidor/);
    expect(server.commands).toHaveLength(1);
    await user.click(within(failed.closest('[role="article"]') as HTMLElement).getByRole("button", { name: "Tentar de novo" }));
    await waitFor(() => expect(server.commands).toHaveLength(2));
    expect(server.commands[1]).toEqual(server.commands[0]);
    await waitFor(() => expect(screen.queryByText(/Não enviada/)).toBeNull());
  });

  it("gives a refused text back to be changed", async () => {
    const { server } = showChat();
    const user = userEvent.setup();
    server.next("reply", { status: 409, body: { id: "x", ok: false, code: "conversation_stopped", text: "Reinicie a conversa antes de escrever." } });
    await user.type(await reply(), "Palavras");
    await user.click(screen.getByRole("button", { name: "Enviar" }));
    expect(await screen.findByText("Recusada: Reinicie a conversa antes de escrever.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Tentar de novo" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Editar" }));
    expect(await reply()).toHaveValue("Palavras");
    expect(screen.queryByText(/Recusada/)).toBeNull();
  });

  it("says what keeps a message from going out", async () => {
    const { server } = showChat();
    const user = userEvent.setup();
    await user.click(await reply());
    await user.paste("Olá {{contato.nome}}");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByRole("alert")).toHaveTextContent("1 variável sem valor");
    expect(server.commands).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Ir para {{contato.nome}} no texto" }));
    await user.paste("Ana");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(server.commands[0]?.body).toMatchObject({ text: "Olá Ana" }));
  });

  it("sends with Enter alone only when that is chosen", async () => {
    const { server } = showChat();
    const user = userEvent.setup();
    await user.type(await reply(), "um{Enter}dois");
    expect(server.commands).toHaveLength(0);
    await user.click(screen.getByRole("checkbox", { name: "Enter envia" }));
    await user.type(await reply(), "{Shift>}{Enter}{/Shift}três{Enter}");
    await waitFor(() => expect(server.commands[0]?.body).toMatchObject({ text: "um\ndois\ntrês" }));
    await user.click(screen.getByRole("checkbox", { name: "Enter envia" }));
  });

  it("asks first when another agent was faster, and keeps the text", async () => {
    const { server } = showChat();
    const user = userEvent.setup();
    await user.type(await reply(), "Minha resposta");
    server.say(message({ id: "e2", author: "agent", agent: 8, who: "Bruno", origin: "app", text: "Resposta do Bruno", delivery: "sent" }));
    await screen.findByText("Resposta do Bruno");
    await user.click(screen.getByRole("button", { name: "Enviar" }));
    expect(await screen.findByRole("alertdialog")).toHaveTextContent("Bruno respondeu às");
    expect(server.commands).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Voltar ao texto" }));
    expect(await reply()).toHaveValue("Minha resposta");
    await user.click(screen.getByRole("button", { name: "Enviar" }));
    await waitFor(() => expect(server.commands).toHaveLength(1));
  });

  it("answers a message with its quote", async () => {
    const { server } = showChat({ messages: [message({ id: "wamid.1", wamid: "wamid.1", text: "Qual o prazo?" })] });
    const user = userEvent.setup();
    await reply();
    await user.click(within(bubble("Qual o prazo?")).getByRole("button", { name: "Ações da mensagem" }));
    await user.click(screen.getByRole("menuitem", { name: "Responder" }));
    await user.type(await reply(), "Dois dias{Control>}{Enter}{/Control}");
    await waitFor(() => expect(server.commands[0]?.body).toMatchObject({ text: "Dois dias", reply_to: "wamid.1" }));
  });
});

describe("notes", () => {
  it("keeps both texts, looks unlike an answer, and is saved by its own button", async () => {
    const { server, container } = showChat();
    const user = userEvent.setup();
    await user.type(await reply(), "para o cliente");
    await user.click(screen.getByRole("tab", { name: /Nota interna/ }));
    expect(container.querySelector('[data-tab="note"]')).not.toBeNull();
    expect(screen.queryByRole("button", { name: "Enviar" })).toBeNull();
    await user.type(screen.getByRole("textbox", { name: /que o cliente não vê/ }), "só para nós{Control>}{Enter}{/Control}");
    await waitFor(() => expect(server.commands.map((one) => one.path.split("/").pop())).toEqual(["note"]));
    expect(server.commands[0]?.body).toMatchObject({ text: "só para nós" });
    await user.click(screen.getByRole("tab", { name: /Resposta/ }));
    expect(await reply()).toHaveValue("para o cliente");
  });
});

describe("the window", () => {
  it("shows templates in place of the answer when it is closed, and keeps words for later", async () => {
    const { server } = showChat({ conversation: { window: { open: false } } });
    const user = userEvent.setup();
    expect(await screen.findByText("aviso_prazo")).toBeInTheDocument();
    expect(screen.queryByText("recusado")).toBeNull();
    expect(screen.queryByRole("textbox", { name: "Resposta ao cliente" })).toBeNull();
    await user.click(screen.getByText("aviso_prazo"));
    await user.clear(screen.getByRole("textbox", { name: "Valor de {{1}}" }));
    await user.click(screen.getByRole("button", { name: "Enviar modelo" }));
    expect(await screen.findByText("Preencha todos os campos do modelo para enviar.")).toBeInTheDocument();
    expect(server.commands).toHaveLength(0);
    await user.type(screen.getByRole("textbox", { name: "Valor de {{1}}" }), "Ana");
    await user.type(screen.getByRole("textbox", { name: "Valor de {{2}}" }), "amanhã");
    expect(document.querySelector("[data-preview]")).toHaveTextContent("Olá Ana, o prazo é amanhã.");
    await user.click(screen.getByRole("button", { name: "Enviar modelo" }));
    await waitFor(() => expect(server.commands[0]?.body).toMatchObject({ template: { name: "aviso_prazo", language: "pt_BR", values: ["Ana", "amanhã"] } }));

    await user.click(screen.getByRole("button", { name: /Escrever mesmo assim/ }));
    server.next("reply", { status: 200, body: { id: "x", ok: true, delivery: "kept" } });
    await user.type(await reply(), "Fica para depois");
    await user.click(screen.getByRole("button", { name: "Guardar para enviar" }));
    expect(await screen.findByText("Aguardando resposta do cliente para ser entregue via WhatsApp")).toBeInTheDocument();
  });

  it("is read only when the conversation has ended, with what can still be done", async () => {
    const run = vi.fn();
    showChat({ conversation: { state: "closed", allowed: ["note"] }, actions: [{ name: "tag", label: "Etiquetas", group: "mark", allowed: true, run }, { name: "close", label: "Concluir", group: "end", allowed: false, run }] });
    expect(await screen.findByText("Esta conversa foi concluída.")).toBeInTheDocument();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("button", { name: "Concluir" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Etiquetas" }));
    expect(run).toHaveBeenCalledOnce();
  });
});

describe("canned replies", () => {
  it("are found by what follows the slash, and put in at the caret or below", async () => {
    showChat();
    const user = userEvent.setup();
    const box = await reply();
    await user.type(box, "Oi /bol");
    expect(await screen.findByRole("option", { name: /Boleto/ })).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{Enter}");
    expect(box).toHaveValue("Oi Segue o boleto, Ana.");
    await user.type(box, " /hora");
    await screen.findByRole("option", { name: /Horário/ });
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(box).toHaveValue("Oi Segue o boleto, Ana.\nAtendemos das 8h às 18h, {{fila.nome}}.");
    await user.clear(box);
    await user.type(box, "/");
    await screen.findByRole("listbox");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(box).toHaveValue("/");
  });
});

describe("drafts", () => {
  it("come back, and are kept on leaving", async () => {
    const { server, unmount } = showChat({ draft: { reply: "rascunho", note: "" } });
    const box = await reply();
    await waitFor(() => expect(box).toHaveValue("rascunho"));
    await userEvent.type(box, " dois");
    unmount();
    await waitFor(() => expect(server.draft).toEqual({ reply: "rascunho dois", note: "" }));
  });
});

describe("the log", () => {
  const all = [
    message({ id: "wamid.1", text: "Bom dia" }),
    message({ id: "l1", kind: "state", author: undefined, state: "queued", before: "bot" }),
    message({ id: "e1", author: "ponte", origin: "automatic", text: "Aguarde", delivery: "read" }),
    message({ id: "e2", author: "agent", agent: 8, who: "Bruno", origin: "ticket", text: "Pelo ticket" }),
    message({ id: "e3", author: "agent", agent: 8, who: "Bruno", origin: "app", text: "Falhou", delivery: "failed", reason: "Número inexistente" }),
    message({ id: "e4", author: "agent", agent: 7, origin: "app", text: "Guardada", delivery: "kept" }),
    message({ id: "l2", kind: "note", author: "agent", agent: 8, who: "Bruno", text: "Cliente importante" }),
    message({ id: "l3", kind: "verdict", author: "ponte", text: "Abandono do cliente" }),
    message({ id: "wamid.2", text: "novo texto", edited: "2026-11-23T12:05:00Z", original: "texto antigo" }),
    message({ id: "wamid.3", text: "segredo", revoked: "2026-11-23T12:06:00Z" }),
    message({ id: "wamid.4", type: "location", text: "[Localização] Matriz\n-16.680000, -49.250000\nhttps://www.google.com/maps?q=-16.680000,-49.250000" }),
    message({ id: "wamid.5", type: "contacts", text: "[Contato] José Silva\n+55 11 98888-7777" }),
    message({ id: "wamid.6", type: "unsupported", text: "(enquete: o WhatsApp não entrega esse conteúdo por aqui)" }),
    message({ id: "wamid.7", type: "interactive", text: "Opção 2", reactions: [{ emoji: "👍", author: "agent", who: "Bruno" }] }),
    message({ id: "wamid.8", type: "document", text: "[Documento] nota.pdf", files: [{ id: "wamid.8", kind: "document", name: "nota.pdf", mime: "application/pdf", size: 2000 }] }),
    message({ id: "wamid.9", type: "image", text: "[Imagem] veja", files: [{ id: "wamid.9", kind: "image", name: "a.png", refused: "arquivo grande demais" }] }),
    message({ id: "wamid.10", type: "audio", text: "[Mensagem de voz]", files: [{ id: "wamid.10", kind: "audio", name: "audio.ogg", voice: true }] }),
    message({ id: "wamid.11", type: "video", text: "[Vídeo]", files: [{ id: "wamid.11", kind: "video", name: "filme.mp4" }] }),
    message({ id: "wamid.12", text: "resposta", quote: { id: "wamid.1", author: "customer", text: "Bom dia" } }),
    message({ id: "wamid.13", text: "solta", quote: { id: "x", missing: true } }),
    message({ id: "wamid.14", type: "sticker", text: "[Figurinha]", files: [{ id: "wamid.14", kind: "sticker" }] }),
    message({ id: "wamid.15", type: "text", text: "" }),
  ];

  it.each(["light", "dark"] as const)("shows every kind of message, and axe finds nothing, %s", async (scheme) => {
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null); // axe measures letters with it
    const { container } = showChat({ messages: all, scheme });
    await reply();
    const tones = ["Bom dia", "Aguarde", "Pelo ticket", "Cliente importante"].map((text) => screen.getAllByText(text).pop()?.closest("[data-tone]")?.getAttribute("data-tone"));
    expect(tones).toEqual(["customer", "office", "other", "note"]);
    expect(screen.getByText(/Não entregue: Número inexistente/)).toBeInTheDocument();
    expect(screen.getByText("Pré-atendimento → Na fila")).toBeInTheDocument();
    expect(screen.getByText(/Apagada pelo cliente/)).toBeInTheDocument();
    expect(screen.getByText("segredo")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Abrir no OpenStreetMap" })).toHaveAttribute("href", expect.stringContaining("mlat=-16.680000"));
    expect(screen.getByText("Anexo que não chegou: arquivo grande demais")).toBeInTheDocument();
    expect(screen.getByRole("img", { name: "Bruno reagiu com 👍" })).toBeInTheDocument();
    expect(await screen.findByRole("slider", { name: "Posição do áudio" })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Ver o texto original" }));
    expect(screen.getByText("texto antigo")).toBeInTheDocument();
    expect(screen.getAllByRole("log")).toHaveLength(1);
    const found = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  });

  it("divides what is new from what was read", async () => {
    showChat({ seen: "2026-11-23T12:00:00Z", messages: [message({ id: "a", at: "2026-11-23T12:00:00Z", text: "antes" }), message({ id: "b", at: "2026-11-23T12:01:00Z", text: "depois" })] });
    const divider = await screen.findByRole("separator", { name: "Novas mensagens" });
    expect(divider.compareDocumentPosition(screen.getByText("depois")) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(divider.compareDocumentPosition(screen.getByText("antes")) & Node.DOCUMENT_POSITION_PRECEDING).toBeTruthy();
  });

  it("tells that it was read after two seconds, and marks as unread on demand", async () => {
    const { server } = showChat({ messages: [message({ id: "a", at: "2026-11-23T12:00:00.5Z", text: "oi" })] });
    await reply();
    expect(server.seen).toEqual([]);
    await waitFor(() => expect(server.seen).toEqual(["2026-11-23T12:00:00.500Z"]));
    await userEvent.click(within(bubble("oi")).getByRole("button", { name: "Ações da mensagem" }));
    await userEvent.click(screen.getByRole("menuitem", { name: /não lida/ }));
    await waitFor(() => expect(server.seen).toEqual(["2026-11-23T12:00:00.500Z", "2026-11-23T12:00:00.499Z"]));
    expect(await screen.findByRole("separator", { name: "Novas mensagens" })).toBeInTheDocument();
  });

  it("says who else is there", async () => {
    const { server } = showChat();
    await reply();
    act(() => server.here([{ id: 8, name: "Bruno", typing: true }, { id: 9, name: "Camila", typing: false }, { id: 7, name: "Eu", typing: true }]));
    expect(await screen.findByText("Bruno está digitando…")).toBeInTheDocument();
    expect(screen.getByText("Camila também está nesta conversa")).toBeInTheDocument();
  });

  it("is chosen from by keys, with Shift for a range", async () => {
    const { chosen } = showChat({ messages: ["a", "b", "c", "d"].map((id) => message({ id, text: `texto ${id}` })) });
    await reply();
    const last = bubble("texto d");
    last.focus();
    fireEvent.keyDown(last, { key: "Enter" });
    await userEvent.click(screen.getByRole("menuitem", { name: "Selecionar mensagens" }));
    last.focus();
    fireEvent.keyDown(last, { key: "ArrowUp", shiftKey: true });
    fireEvent.keyDown(bubble("texto c"), { key: "ArrowUp", shiftKey: true });
    expect(chosen()).toEqual(["b", "c", "d"]);
    expect(screen.getByText("3 mensagens selecionadas")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Cancelar seleção" }));
    expect(chosen()).toEqual([]);
  });

  it("says what failed, and tries again", async () => {
    const { server } = showChat({ broken: true });
    expect(await screen.findByText(/Não foi possível carregar as mensagens/)).toBeInTheDocument();
    server.mend();
    await userEvent.click(screen.getByRole("button", { name: "Tentar de novo" }));
    expect(await screen.findByText("Bom dia, preciso de ajuda")).toBeInTheDocument();
  });
});
