// The console "Conversas": navigation, list, chat, details.

import backIcon from "@zendeskgarden/svg-icons/src/16/arrow-left-stroke.svg?raw";
import { IconButton } from "@zendeskgarden/react-buttons";
import { type RefObject, Suspense, lazy, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Action } from "../actions/action";
import type { ChatHandle } from "../chat/chat";
import { type Key, useSpeech, withWords } from "../i18n";
import { useConversation, useOverview } from "../live/data";
import { usePage } from "../live/page";
import { type Filters, everything } from "../live/rows";
import { Unseen } from "../theme";
import { Boundary } from "../ui/boundary";
import { Icon } from "../ui/icon";
import { Stale } from "../ui/stale";
import { type Column, Columns, Narrow, Part } from "./columns";
import { Details } from "./details";
import { Foot } from "./foot";
import { next } from "./hold";
import { ListColumn } from "./list-column";
import { Navigation, viewsFor } from "./navigation";
import type { Entry } from "./palette";
import { NoConversation, Pane } from "./pane";
import { useKeys } from "./use-keys";
import { allWishes, useNotices } from "./use-notices";

const Palette = lazy(() => import("./palette"));
const Help = lazy(() => import("./help"));
const Start = lazy(() => import("./start").then((m) => ({ default: m.StartDialog })));
const Supervisor = lazy(() => withWords("supervisor", () => import("../supervisor/supervisor")).then((m) => ({ default: m.Supervisor })));

type Dialog = "" | "palette" | "help" | "start";

/** Whether there is room for the details beside the chat. */
const roomy = () => matchMedia("(min-width: 1100px)").matches;

/** The list's element, which takes the focus. */
const listbox = (place: RefObject<HTMLElement>) => place.current?.querySelector<HTMLElement>('[role="listbox"]');

/** The way back where one column is shown. */
function Back({ to, label }: { to: () => void; label: string }) {
  return (
    <Narrow>
      <IconButton size="small" aria-label={label} onClick={to}>
        <Icon svg={backIcon} />
      </IconButton>
    </Narrow>
  );
}

/** The console "Conversas". */
export function Console() {
  const { t } = useSpeech();
  const { host, live, session } = usePage();
  const supervises = session.agent.role !== "agent";
  const [filters, setFilters] = useState<Filters>(everything);
  const [selected, setSelected] = useState("");
  const [earlier, setEarlier] = useState("");
  const [active, setActive] = useState("");
  const [column, setColumn] = useState<Column>("list");
  const [details, setDetails] = useState(roomy);
  const [supervising, setSupervising] = useState(false);
  const [dialog, setDialog] = useState<Dialog>("");
  const [wishes, setWishes] = useState(allWishes);
  const order = useRef<readonly string[]>([]);
  const actions = useRef<Action[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const chat = useRef<ChatHandle>(null);
  const opener = useRef<Element | null>(null);
  const overview = useOverview();
  const conversation = useConversation(selected);
  const c = conversation.data;

  useEffect(() => host.onShown((shown) => (shown ? live.resume() : live.pause())), [host, live]);

  const open = useCallback((one: string) => {
    setSelected(one);
    setActive(one);
    setEarlier("");
    setSupervising(false);
    setColumn("chat");
  }, []);
  useNotices(selected, wishes, open);

  const current = c?.session;
  useEffect(() => {
    if (current && current !== selected) open(current); // the thread has a newer conversation
  }, [current, selected, open]);

  const look = useCallback(
    (one: string) => {
      if (!c || one === c.session) setEarlier("");
      else if (c.sessions.includes(one)) setEarlier(one);
      else open(one);
      setColumn("chat");
    },
    [c, open],
  );
  const choose = useCallback((to: Filters) => {
    setFilters(to);
    setSupervising(false);
    setColumn("list");
  }, []);

  const move = (step: number, from: string) => {
    const one = order.current[next(order.current.length, order.current.indexOf(from), step)];
    if (one) setActive(one);
    return one;
  };
  const show = (what: Dialog) => {
    opener.current = document.activeElement;
    setDialog(what);
  };
  const hide = useCallback(() => {
    setDialog("");
    if (opener.current instanceof HTMLElement) opener.current.focus();
  }, []);
  useKeys(wishes.letters && dialog === "", (meaning) => {
    if ("letter" in meaning) return actions.current.find((one) => one.keys === meaning.letter && one.allowed)?.run();
    const { command } = meaning;
    if (command === "down" || command === "up") {
      setColumn("list");
      setSupervising(false);
      if (move(command === "down" ? 1 : -1, active)) listbox(place)?.focus();
    } else if (command === "open") active && open(active);
    else if (command === "nextConversation" || command === "previousConversation") {
      const one = move(command === "nextConversation" ? 1 : -1, selected || active);
      if (one) open(one);
    } else if (command === "search") {
      setSupervising(false);
      setColumn("list");
      requestAnimationFrame(() => input.current?.focus());
    } else if (command === "reply" || command === "note") {
      setColumn("chat");
      requestAnimationFrame(() => chat.current?.focus(command));
    } else show(command);
  });

  const shown = useCallback((sessions: readonly string[]) => {
    order.current = sessions;
  }, []);
  const agentName = overview.data?.agents.find((one) => one.id === filters.agent)?.name ?? `#${filters.agent}`;
  const title = filters.queue || (filters.agent ? agentName : t(`console.view.${filters.view}`));
  const entries = useMemo<Entry[]>(() => {
    if (dialog !== "palette") return [];
    const lists = viewsFor(session.agent.role).map((view) => ({ id: `v ${view}`, label: t(`console.view.${view}`), kind: t("console.palette.list"), run: () => choose({ ...everything, view }) }));
    const queues = (overview.data?.queues ?? []).map((one) => ({ id: `q ${one.queue}`, label: one.queue, kind: t("console.palette.queue"), run: () => choose({ ...everything, queue: one.queue }) }));
    const deeds = actions.current.filter((one) => one.allowed).map((one) => ({ id: `a ${one.name}`, label: one.label, kind: t("console.palette.action"), keys: one.keys, run: one.run }));
    const more: [string, Key, string, () => void][] = [
      ["start", "console.start", "", () => setDialog("start")],
      ["help", "console.help", "?", () => setDialog("help")],
    ];
    return [...deeds, ...lists, ...queues, ...more.map(([id, key, keys, run]) => ({ id, label: t(key), kind: t("console.palette.action"), keys: keys || undefined, run }))];
  }, [dialog, overview.data, session.agent.role, t, choose]);

  const goBack = useCallback(() => {
    setColumn("list");
    requestAnimationFrame(() => listbox(place)?.focus());
  }, []);
  const toggleDetails = useCallback(() => {
    if (roomy()) return setDetails((before) => !before);
    setDetails(column !== "details");
    setColumn(column === "details" ? "chat" : "details");
  }, [column]);
  const down = useCallback(() => {
    setActive((before) => (order.current.includes(before) ? before : (order.current[0] ?? "")));
    listbox(place)?.focus();
  }, []);
  const toNavigation = useMemo(() => <Back to={() => setColumn("navigation")} label={t("console.back.navigation")} />, [t]);
  const showDetails = details && c !== undefined && !supervising;
  return (
    <div ref={place} style={{ display: "flex", flexDirection: "column", height: "100%" }}>
      <Stale />
      <main style={{ flex: 1, minHeight: 0 }}>
        <Unseen as="h1">{t("app.name")}</Unseen>
        <Columns $column={(supervising && column !== "navigation") || (column === "details" && !showDetails) ? "chat" : column} $details={showDetails} $whole={supervising}>
          <Part data-column="navigation">
            <Navigation
              overview={overview.data}
              filters={filters}
              supervising={supervising}
              choose={choose}
              supervise={() => {
                setSupervising(true);
                setColumn("chat");
              }}
              start={() => show("start")}
              told={overview.reload}
              foot={<Foot wishes={wishes} wish={setWishes} openHelp={() => show("help")} openPalette={() => show("palette")} />}
            />
          </Part>
          {supervising && supervises ? (
            <Part data-column="chat">
              {toNavigation}
              <Boundary name="supervisor">
                <Suspense fallback={null}>
                  <Supervisor open={open} />
                </Suspense>
              </Boundary>
            </Part>
          ) : (
            <>
              <Part data-column="list">
                <ListColumn filters={filters} change={setFilters} choose={choose} title={title} agentName={agentName} selected={selected} active={active} open={open} shown={shown} input={input} down={down} back={toNavigation} />
              </Part>
              <Part data-column="chat">
                {selected ? (
                  <Pane
                    conversation={c}
                    error={conversation.error}
                    reload={conversation.reload}
                    earlier={earlier}
                    look={look}
                    details={details}
                    toggleDetails={toggleDetails}
                    goBack={goBack}
                    actionsOf={actions}
                    chat={chat}
                  />
                ) : (
                  <NoConversation />
                )}
              </Part>
              {showDetails && (
                <Part data-column="details" role="region" aria-label={t("console.details")} tabIndex={0} style={{ overflowY: "auto" }}>
                  <Back
                    to={() => {
                      setColumn("chat");
                      setDetails(false);
                    }}
                    label={t("console.back.chat")}
                  />
                  <Boundary name={c.session}>
                    <Details conversation={c} look={look} />
                  </Boundary>
                </Part>
              )}
            </>
          )}
        </Columns>
      </main>
      <Suspense fallback={null}>
        {dialog === "palette" && <Palette entries={entries} open={open} close={hide} />}
        {dialog === "help" && <Help actions={actions.current} wishes={wishes} wish={setWishes} close={hide} />}
        {dialog === "start" && <Start close={hide} opened={open} />}
      </Suspense>
    </div>
  );
}
