// Calls of Ponte's API with the page's session.

import type { Answer, Problem, Session } from "./types";

/** What went wrong with a call: the server's code and words, or that it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer
    readonly code: string,
    text: string,
  ) {
    super(text);
    this.name = "ApiError";
  }

  /** Whether the same call may succeed later as it is. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** A command that the server refused for a reason that the agent should read. */
export class Refusal extends ApiError {
  constructor(readonly answer: Answer) {
    super(409, answer.code ?? "refused", answer.text ?? "");
    this.name = "Refusal";
  }
}

type Query = Record<string, string | number | boolean | undefined>;

interface Options {
  query?: Query | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Bytes instead of JSON. */
  bytes?: Blob | undefined;
  /** The request goes on when the page is closed. */
  last?: boolean | undefined;
}

const prefix = "/api/v1";

/** How long a page waits for an answer, in milliseconds; a command's result is awaited 2 s by the server. */
const patience = 20_000;

export class Client {
  #token = "";
  #session: Session | undefined;
  #ended: (() => void)[] = [];

  constructor(
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
    private readonly base = prefix,
  ) {}

  get session(): Session {
    if (!this.#session) throw new Error("no session");
    return this.#session;
  }

  get token(): string {
    return this.#token;
  }

  /** Calls f when the session is over and can't be renewed. */
  onEnded(f: () => void): void {
    this.#ended.push(f);
  }

  /** Opens the session whose token the server put into the page. */
  async open(token: string): Promise<Session> {
    this.#token = token;
    return (this.#session = await this.get<Session>("/session"));
  }

  /** Opens the session that a one-time code stands for. */
  async redeem(code: string): Promise<Session> {
    const session = await this.post<Session>("/session/redeem", { code });
    this.#token = session.token ?? "";
    return (this.#session = session);
  }

  /** Asks for a new token in place of the present one. */
  async renew(): Promise<Session> {
    const session = await this.post<Session>("/session/renew", {});
    this.#token = session.token ?? this.#token;
    return (this.#session = session);
  }

  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return this.#json<T>("GET", path, { query, signal });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>("POST", path, { body });
  }

  /** With last the request goes on when the page is closed. */
  put<T>(path: string, body: unknown, last = false): Promise<T> {
    return this.#json<T>("PUT", path, { body, last });
  }

  delete<T>(path: string): Promise<T> {
    return this.#json<T>("DELETE", path, {});
  }

  /** Sends bytes. */
  send<T>(path: string, query: Query, bytes: Blob, signal?: AbortSignal): Promise<T> {
    return this.#json<T>("POST", path, { query, bytes, signal });
  }

  /** Reads bytes. */
  async read(path: string, signal?: AbortSignal): Promise<Blob> {
    return (await this.#call("GET", path, { signal })).blob();
  }

  /** An open answer, for the stream. It has no time limit of its own. */
  stream(path: string, query: Query, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    return this.#raw("GET", path, { query, signal }, headers);
  }

  /**
   * Carries a command out and tells what became of it. A refusal is thrown as one. The same id again is the same command: after an
   * answer that never came it may be asked for again with the same id, and nothing happens twice. where knows its answer later; without
   * one the command itself is asked for again.
   */
  async command(path: string, id: string, body: Record<string, unknown>, where: string, method: "POST" | "PUT" = "POST"): Promise<Answer> {
    const options = { body: { id, ...body } };
    let answer = await this.#answer(method, path, options);
    for (let wait = 500; answer === undefined; wait = Math.min(2 * wait, 4000)) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      answer = await (where ? this.#answer("GET", `${where}/commands/${id}`, {}) : this.#answer(method, path, options));
    }
    return answer;
  }

  /** A command's answer; undefined while it is not known. */
  async #answer(method: string, path: string, options: Options): Promise<Answer | undefined> {
    const response = await this.#raw(method, path, options);
    if (response.status === 202 || (method === "GET" && response.status === 404)) return undefined;
    if (response.status === 200) return (await response.json()) as Answer;
    const said = (await response.json().catch(() => ({}))) as Partial<Answer & Problem>;
    if (response.status === 409 && said.ok === false) throw new Refusal(said as Answer);
    throw this.#problem(response.status, said);
  }

  async #json<T>(method: string, path: string, options: Options): Promise<T> {
    const response = await this.#call(method, path, options);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #call(method: string, path: string, options: Options): Promise<Response> {
    const response = await this.#raw(method, path, options);
    if (response.ok) return response;
    throw this.#problem(response.status, (await response.json().catch(() => ({}))) as Partial<Problem>);
  }

  #problem(status: number, said: Partial<Problem>): ApiError {
    if (status === 401) for (const f of this.#ended) f();
    return new ApiError(status, said.code ?? `http_${status}`, said.text ?? "");
  }

  async #raw(method: string, path: string, options: Options, more: Record<string, string> = {}): Promise<Response> {
    const headers: Record<string, string> = { ...more };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    let body: BodyInit | undefined;
    if (options.bytes) {
      headers["Content-Type"] = "application/octet-stream";
      body = options.bytes;
    } else if (options.body !== undefined) {
      headers["Content-Type"] = "application/json";
      body = JSON.stringify(options.body);
    }
    const signal = options.signal ?? (options.bytes ? undefined : AbortSignal.timeout(patience));
    try {
      return await this.fetcher(this.base + path + queryOf(options.query), { method, headers, body: body ?? null, signal: signal ?? null, credentials: "omit", cache: "no-store", ...(options.last ? { keepalive: true } : {}) });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError(0, "unreachable", "");
    }
  }
}

function queryOf(query: Query | undefined): string {
  const list = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
  return list.length ? `?${new URLSearchParams(list.map(([name, value]) => [name, String(value)]))}` : "";
}

/** A fresh id for a command. */
export function newID(): string {
  return crypto.randomUUID();
}

/** What the API calls a conversation. */
export function pathOf(session: string): string {
  return `/conversations/${encodeURIComponent(session)}`;
}
