// Starts a page: session, language, colour scheme, live updates.

import { type ReactNode, StrictMode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, Client } from "./api/client";
import type { Session } from "./api/types";
import { type Area, type Language, Speaking, type Words, load, useSpeech } from "./i18n";
import { Live } from "./live/live";
import { PageProvider } from "./live/page";
import { Themed } from "./theme";
import { Fault } from "./ui/fault";
import { Toasts, type Toast } from "./ui/toasts";
import { type Host, type Scheme, host } from "./zaf";

/** Takes what the server wrote into the page, and takes it out of the page. */
function taken(name: string): string {
  const meta = document.querySelector(`meta[name="${name}"]`);
  const value = meta?.getAttribute("content") ?? "";
  meta?.remove();
  return value;
}

/** Takes the one-time code of a window of its own out of the address. */
function takenCode(): string {
  const code = location.hash.slice(1);
  if (code) history.replaceState(null, "", location.pathname + location.search);
  return code;
}

interface Started {
  client: Client;
  live: Live;
  host: Host;
  session: Session;
  language: Language;
  words: Words;
  scheme: Scheme;
}

async function start(areas: Area[]): Promise<Started> {
  const client = new Client();
  const token = taken("ponte-session");
  const code = takenCode();
  if (!token && !code) throw new ApiError(401, "no_session", "");
  const session = token ? await client.open(token) : await client.redeem(code);
  const around = host(() => session.ticket_url ?? "");
  const [[language, words], scheme] = await Promise.all([load(session.agent.locale ?? "", ...areas), around.scheme()]);
  document.documentElement.lang = language;
  return { client, live: new Live(client), host: around, session, language, words, scheme };
}

/** How long before a session's end it is renewed, in milliseconds, and the soonest that one is. */
const ahead = 5 * 60_000;
const soonest = 20_000;

function Running({ started, children }: { started: Started; children: ReactNode }) {
  const { client, live } = started;
  const [scheme, setScheme] = useState(started.scheme);
  const [over, setOver] = useState(false);
  const [toasts, setToasts] = useState<Toast[]>([]);
  const count = useRef(0);
  const toast = useCallback((text: string, kind: Toast["kind"] = "info") => {
    const id = ++count.current;
    setToasts((list) => [...list.slice(-3), { id, text, kind }]);
  }, []);
  useEffect(() => started.host.onScheme(setScheme), [started.host]);
  useEffect(() => {
    client.onEnded(() => {
      live.stop();
      setOver(true);
    });
    let timer: ReturnType<typeof setTimeout>;
    const renew = async () => {
      try {
        await client.renew();
      } catch (error) {
        if (error instanceof ApiError && !error.passing) return;
      }
      plan();
    };
    const plan = () => {
      timer = setTimeout(() => void renew(), Math.max(Date.parse(client.session.expires) - Date.now() - ahead, soonest));
    };
    plan();
    return () => clearTimeout(timer);
  }, [client, live]);
  const page = useMemo(() => ({ ...started, toast }), [started, toast]);
  return (
    <Speaking language={started.language} words={started.words} zone={started.session.zone}>
      <Themed scheme={scheme}>
        <PageProvider value={page}>
          {over && <Over />}
          {children}
          <Toasts list={toasts} gone={(id) => setToasts((list) => list.filter((one) => one.id !== id))} />
        </PageProvider>
      </Themed>
    </Speaking>
  );
}

function Over() {
  const { t } = useSpeech();
  return <Fault text={t("session.over")} />;
}

function NotStarted({ error }: { error: unknown }) {
  const { t } = useSpeech();
  const api = error instanceof ApiError ? error : undefined;
  const own = location.pathname.endsWith("/janela");
  const text = api?.status === 401 ? t(own ? "session.code" : "session.none") : api?.status === 0 ? t("error.unreachable") : t("error.unknown", { code: api?.code ?? "?" });
  return <Fault text={text} {...(api?.passing ? { again: () => location.reload() } : {})} />;
}

/** Starts the page and shows it, with the words of areas that it shows first. */
export function boot(page: ReactNode, ...areas: Area[]): void {
  const root = createRoot(document.querySelector("#app") as Element);
  start(areas).then(
    (started) =>
      root.render(
        <StrictMode>
          <Running started={started}>{page}</Running>
        </StrictMode>,
      ),
    (error: unknown) =>
      root.render(
        <Themed scheme="light">
          <NotStarted error={error} />
        </Themed>,
      ),
  );
}
