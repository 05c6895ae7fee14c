import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { showChat } from "./testing";

/** Requests that the test answers. */
class Request {
  static all: Request[] = [];
  upload: { onprogress?: (event: { lengthComputable: boolean; loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  url = "";
  headers: Record<string, string> = {};
  aborted = false;
  constructor() {
    Request.all.push(this);
  }
  open(_: string, url: string) {
    this.url = url;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send() {}
  abort() {
    this.aborted = true;
    this.onabort?.();
  }
  answer(status: number, body: unknown) {
    this.status = status;
    this.responseText = typeof body === "string" ? body : JSON.stringify(body);
    act(() => this.onload?.());
  }
}

beforeEach(() => {
  Request.all = [];
  vi.stubGlobal("XMLHttpRequest", Request);
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => {};
});
afterEach(() => void vi.unstubAllGlobals());

const reply = async () => {
  await screen.findByRole("log");
  return screen.findByRole("textbox", { name: "Resposta ao cliente" });
};
const file = (name: string, type: string, size = 10) => {
  const made = new File(["x"], name, { type });
  Object.defineProperty(made, "size", { value: size });
  return made;
};
const drop = (container: HTMLElement, files: File[]) => {
  const target = container.querySelector("[data-scroller]") as HTMLElement;
  fireEvent.dragOver(target, { dataTransfer: { types: ["Files"], files } });
  expect(screen.getByText("Solte os arquivos para anexar")).toBeInTheDocument();
  fireEvent.drop(target, { dataTransfer: { types: ["Files"], files } });
};

describe("attachments", () => {
  it("go up as they are dropped, tell how far they are, and go out with their words", async () => {
    const { server, container } = showChat();
    await reply();
    drop(container, [file("nota fiscal.pdf", "application/pdf")]);
    const request = Request.all[0] as Request;
    expect(request.url).toBe("/api/v1/conversations/wa-1/uploads?name=nota+fiscal.pdf");
    expect(request.headers["Content-Type"]).toBe("application/octet-stream");
    act(() => request.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 }));
    expect(screen.getByRole("progressbar", { name: "Carregando nota fiscal.pdf: 25%" })).toHaveValue(25);
    await userEvent.type(await reply(), "Segue{Control>}{Enter}{/Control}");
    expect(await screen.findByText(/Aguarde o carregamento/)).toBeInTheDocument();
    expect(server.commands).toHaveLength(0);
    request.answer(200, { id: "up-1", kind: "document", name: "nota fiscal.pdf", mime: "application/pdf", size: 10 });
    await userEvent.click(screen.getByRole("button", { name: "Enviar" }));
    await waitFor(() => expect(server.commands[0]?.body).toEqual({ text: "Segue", file: "up-1" }));
    expect(screen.queryByRole("button", { name: "Remover nota fiscal.pdf" })).toBeNull();
    expect(screen.getByText("nota fiscal.pdf")).toBeInTheDocument();
  });

  it("are cancelled, and tried again after a failure", async () => {
    const { container } = showChat();
    await reply();
    drop(container, [file("a.pdf", "application/pdf"), file("b.pdf", "application/pdf")]);
    await userEvent.click(screen.getByRole("button", { name: "Cancelar o envio de a.pdf" }));
    expect(Request.all[0]?.aborted).toBe(true);
    expect(screen.queryByText("a.pdf")).toBeNull();
    Request.all[1]?.answer(415, { code: "bad_type", text: "O WhatsApp não aceita este tipo." });
    expect(await screen.findByText(/“b.pdf”: O WhatsApp não aceita este tipo./)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Tentar de novo: b.pdf" }));
    expect(Request.all).toHaveLength(3);
    Request.all[2]?.answer(502, "<html>");
    expect(await screen.findByText(/erro http_502/)).toBeInTheDocument();
  });

  it("are refused before they go up", async () => {
    const { container } = showChat();
    await reply();
    drop(container, [file("setup.exe", "application/x-msdownload"), file("filme.mkv", "video/x-matroska", 101 * 1024 * 1024), file("vazio.pdf", "application/pdf", 0)]);
    expect(Request.all).toHaveLength(0);
    expect(screen.getByText(/“setup.exe” não pode ser enviado/)).toBeInTheDocument();
    expect(screen.getByText(/“filme.mkv” tem 105,9 MB; o WhatsApp aceita arquivos de até 104,9 MB/)).toBeInTheDocument();
    expect(screen.getByText(/“vazio.pdf” está vazio/)).toBeInTheDocument();
    expect(screen.getAllByRole("link", { name: "Limites do WhatsApp" })[0]).toHaveAttribute("href", expect.stringContaining("facebook.com"));
  });

  it("are taken from the clipboard, and say when they go as documents", async () => {
    showChat();
    fireEvent.paste(await reply(), { clipboardData: { files: [file("image.png", "image/png", 6 * 1024 * 1024)] } });
    expect(Request.all).toHaveLength(1);
    expect(screen.getByText(/Vai como documento/)).toBeInTheDocument();
  });

  it("are not for ended conversations", async () => {
    const { container } = showChat({ conversation: { state: "closed" } });
    await screen.findByRole("log");
    await screen.findByText("Esta conversa foi concluída.");
    fireEvent.drop(container.querySelector("[data-scroller]") as HTMLElement, { dataTransfer: { types: ["Files"], files: [file("a.pdf", "application/pdf")] } });
    expect(Request.all).toHaveLength(0);
  });
});
