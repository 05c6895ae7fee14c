// The first column: what there is to look at, with counts.

import plus from "@zendeskgarden/svg-icons/src/16/plus-stroke.svg?raw";
import { Button } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import type { ReactNode } from "react";
import { styled } from "styled-components";
import type { Overview, View } from "../api/types";
import { now } from "../clock";
import { type Speech, useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { type Filters, everything } from "../live/rows";
import { Unseen } from "../theme";
import { Icon } from "../ui/icon";
import { MyPresence, PresenceDot } from "./presence";
import { shortLength } from "./thermometer";

const Scroll = styled.nav`
  flex: 1;
  min-height: 0;
  overflow-y: auto;
  padding-bottom: 8px;
`;

const Head = styled.h2`
  margin: 10px 10px 2px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

const Rows = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
`;

const Go = styled.button`
  display: flex;
  align-items: center;
  gap: 6px;
  width: 100%;
  min-height: 28px;
  padding: 3px 10px;
  border: 0;
  border-inline-start: 3px solid transparent;
  font: inherit;
  text-align: start;
  cursor: pointer;
  color: inherit;
  background: none;
  &:hover {
    background: ${(p) => getColor({ theme: p.theme, variable: "background.primaryEmphasis", transparency: p.theme.opacity[100] })};
  }
  &:focus-visible {
    outline: 2px solid ${(p) => getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
  &[aria-current="page"] {
    font-weight: ${(p) => p.theme.fontWeights.semibold};
    border-color: ${(p) => getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
    background: ${(p) => getColor({ theme: p.theme, variable: "background.primaryEmphasis", transparency: p.theme.opacity[100] })};
  }
`;

const Name = styled.span`
  flex: 1;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
`;

const Count = styled.span<{ $loud?: boolean }>`
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-weight: ${(p) => (p.$loud ? p.theme.fontWeights.bold : p.theme.fontWeights.regular)};
  font-variant-numeric: tabular-nums;
  color: ${(p) => getColor({ theme: p.theme, variable: p.$loud ? "foreground.danger" : "foreground.subtle" })};
`;

const Top = styled.div`
  display: grid;
  padding: 8px 10px 0;
`;

interface Props {
  overview: Overview | undefined;
  filters: Filters;
  supervising: boolean;
  choose: (filters: Filters) => void;
  supervise: () => void;
  start: () => void;
  told: () => void;
  /** What stands below: help, notices, own window. */
  foot: ReactNode;
}

/** The lists that an agent has, in their order. */
export function viewsFor(role: string): View[] {
  const views: View[] = ["new", "mine", "attention", "all", "others", "snoozed", "ended", "expired"];
  return role === "agent" ? views.filter((view) => view !== "others") : views;
}

/** How long the one waits that waits longest in a queue. */
function longest(since: string | undefined, t: Speech["t"]): string {
  return since ? t("console.queue.longest", { time: shortLength(now() - Date.parse(since), t) }) : "";
}

/** The first column. */
export function Navigation({ overview, filters, supervising, choose, supervise, start, told, foot }: Props) {
  const { t, number } = useSpeech();
  const { session } = usePage();
  const plainView = !supervising && !filters.queue && !filters.agent;
  const go = (change: Partial<Filters>) => choose({ ...everything, sort: filters.sort, ...change });
  const me = session.agent.id;
  return (
    <>
      <Top>
        <Button size="small" isPrimary onClick={start}>
          <Icon svg={plus} size={12} />
          &nbsp;{t("console.start")}
        </Button>
      </Top>
      <MyPresence state={overview?.agents.find((one) => one.id === me)} told={told} />
      <Scroll aria-label={t("console.navigation")}>
        <Rows>
          {viewsFor(session.agent.role).map((view) => (
            <li key={view}>
              <Go type="button" aria-current={plainView && filters.view === view ? "page" : undefined} onClick={() => go({ view })}>
                <Name>{t(`console.view.${view}`)}</Name>
                <Count $loud={view === "attention" && Boolean(overview?.counts.attention)}>{overview && number(overview.counts[view])}</Count>
              </Go>
            </li>
          ))}
          {session.agent.role !== "agent" && (
            <li>
              <Go type="button" aria-current={supervising ? "page" : undefined} onClick={supervise}>
                <Name>{t("console.supervisor")}</Name>
              </Go>
            </li>
          )}
        </Rows>
        {overview && overview.queues.length > 0 && <Head>{t("console.queues")}</Head>}
        <Rows>
          {overview?.queues.map((queue) => (
            <li key={queue.queue}>
              <Go
                type="button"
                aria-current={!supervising && filters.queue === queue.queue ? "page" : undefined}
                title={[t("console.queue.online", { n: queue.online }), longest(queue.longest_since, t)].filter(Boolean).join(" · ")}
                onClick={() => go({ queue: queue.queue })}
              >
                <Name>{queue.queue || t("console.queue.none")}</Name>
                <Count $loud={queue.waiting > 0 && queue.with_room === 0}>
                  {number(queue.waiting)}
                  <Unseen> {t("console.queue.waiting")}</Unseen>
                </Count>
              </Go>
            </li>
          ))}
        </Rows>
        {overview && overview.agents.length > 0 && <Head>{t("console.agents")}</Head>}
        <Rows>
          {overview?.agents.map((agent) => (
            <li key={agent.id}>
              <Go type="button" aria-current={!supervising && filters.agent === agent.id ? "page" : undefined} title={t(`presence.${agent.presence}`)} onClick={() => go({ agent: agent.id })}>
                <PresenceDot $presence={agent.presence} data-dot />
                <Name>{agent.name || `#${agent.id}`}</Name>
                <Unseen>{t(`presence.${agent.presence}`)}</Unseen>
                <Count $loud={agent.limit > 0 && agent.load >= agent.limit}>
                  {number(agent.load)}/{number(agent.limit)}
                </Count>
              </Go>
            </li>
          ))}
        </Rows>
      </Scroll>
      {foot}
    </>
  );
}
