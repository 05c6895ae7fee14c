// The Zendesk apps framework, as far as the app uses it. Names: developer.zendesk.com/apps/docs.

/** The framework's client as its script makes it. */
interface Framework {
  on(event: string, f: (data: unknown) => void): void;
  get(paths: string | string[]): Promise<Record<string, unknown>>;
  set(values: Record<string, unknown>): Promise<unknown>;
  invoke(name: string, ...args: unknown[]): Promise<unknown>;
  context(): Promise<unknown>;
}

declare global {
  interface Window {
    ZAFClient?: { init(): Framework | false };
  }
}

export type Scheme = "light" | "dark";

/** What surrounds the app: Zendesk, or nothing in a window of its own. */
export interface Host {
  /** Whether the app stands in Zendesk. */
  readonly inside: boolean;
  /** The ticket of the sidebar, 0 elsewhere. */
  ticket(): Promise<number>;
  scheme(): Promise<Scheme>;
  onScheme(f: (scheme: Scheme) => void): void;
  /** Whether the app's place is shown. */
  onShown(f: (shown: boolean) => void): void;
  notify(text: string, kind: "notice" | "alert" | "error"): void;
  openTicket(id: number): void;
  /** Asks for a height, in pixels, where the place has none of its own. */
  resize(height: number): void;
}

function schemeOf(value: unknown): Scheme {
  return value === "dark" ? "dark" : "light";
}

/** The scheme that the page was asked for with, else the system's. */
function firstScheme(): Scheme {
  const asked = new URLSearchParams(location.search).get("colorScheme");
  return asked ? schemeOf(asked) : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The app in a window of its own. */
function alone(): Host {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  return {
    inside: false,
    ticket: async () => 0,
    scheme: async () => firstScheme(),
    onScheme: (f) => dark.addEventListener("change", () => f(dark.matches ? "dark" : "light")),
    onShown: (f) => document.addEventListener("visibilitychange", () => f(!document.hidden)),
    notify: () => {},
    openTicket: () => {},
    resize: () => {},
  };
}

/** What surrounds the page. */
export function host(ticketURL: () => string = () => ""): Host {
  const framework = window.ZAFClient?.init() || undefined;
  if (!framework) return { ...alone(), openTicket: (id) => void window.open(ticketURL().replace("{id}", String(id)), "_blank", "noopener") };
  const quietly = (work: Promise<unknown>) => void work.catch(() => {});
  return {
    inside: true,
    ticket: async () => {
      const got = await framework.get("ticket.id");
      const id = Number(got["ticket.id"]);
      return Number.isSafeInteger(id) ? id : 0;
    },
    scheme: async () => {
      const got = await framework.get("colorScheme").catch(() => ({}) as Record<string, unknown>);
      return "colorScheme" in got ? schemeOf(got.colorScheme) : firstScheme();
    },
    onScheme: (f) => framework.on("colorScheme.changed", (scheme) => f(schemeOf(scheme))),
    onShown: (f) => {
      for (const name of ["app.activated", "pane.activated"]) framework.on(name, () => f(true));
      for (const name of ["app.deactivated", "pane.deactivated"]) framework.on(name, () => f(false));
    },
    notify: (text, kind) => quietly(framework.invoke("notify", text, kind)),
    openTicket: (id) => quietly(framework.invoke("routeTo", "ticket", id)),
    resize: (height) => quietly(framework.invoke("resize", { width: "100%", height: `${height}px` })),
  };
}
