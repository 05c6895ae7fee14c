// The live board: queues, who waits, agents and how much they have.

import { Field, Input, Select } from "@zendeskgarden/react-forms";
import { Body, Caption, Cell, Head, HeaderCell, HeaderRow, Row, Table } from "@zendeskgarden/react-tables";
import { useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { ApiError, newID } from "../api/client";
import type { AgentState, Overview, Presence, QueueState } from "../api/types";
import { useNow } from "../clock";
import { useSpeech } from "../i18n";
import { useOverview } from "../live/data";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";
import { spanText } from "./span";

const Tiles = styled.dl`
  display: flex;
  flex-wrap: wrap;
  gap: ${(p) => p.theme.space.lg};
  margin: 0 0 ${(p) => p.theme.space.md};
  dt {
    font-size: ${(p) => p.theme.fontSizes.sm};
  }
  dd {
    margin: 0;
    font-size: ${(p) => p.theme.fontSizes.xl};
    font-weight: ${(p) => p.theme.fontWeights.semibold};
  }
`;

const Wide = styled.div`
  overflow-x: auto;
  margin-bottom: ${(p) => p.theme.space.lg};
`;

/** How things stand now. */
export function Board() {
  const words = useSpeech();
  const { data, error, reload } = useOverview();
  if (!data) return error ? <Fault text={faultText(error, words)} again={reload} /> : null;
  return (
    <>
      {error && <Fault text={faultText(error, words)} again={reload} />}
      <Counts overview={data} />
      <Queues list={data.queues} />
      <Agents list={data.agents} changed={reload} />
    </>
  );
}

function Counts({ overview }: { overview: Overview }) {
  const { t, number } = useSpeech();
  const online = overview.agents.filter((one) => one.presence === "online");
  const free = online.reduce((sum, one) => sum + Math.max(one.limit - one.load - (one.coming ?? 0), 0), 0);
  return (
    <Tiles>
      {(
        [
          ["supervisor.board.waiting", overview.counts.new],
          ["supervisor.board.going", overview.counts.all],
          ["supervisor.board.attention", overview.counts.attention],
          ["supervisor.board.online", online.length],
          ["supervisor.board.free", free],
        ] as const
      ).map(([key, n]) => (
        <div key={key}>
          <dt>{t(key)}</dt>
          <dd>{number(n)}</dd>
        </div>
      ))}
    </Tiles>
  );
}

function Queues({ list }: { list: QueueState[] }) {
  const { t, number } = useSpeech();
  const at = useNow(15_000);
  return (
    <Wide tabIndex={0} role="region" aria-label={t("supervisor.board.queues")}>
      <Table size="small">
        <Caption>{t("supervisor.board.queues")}</Caption>
        <Head>
          <HeaderRow>
            {(["queue", "waiting", "longest", "online", "room"] as const).map((one) => (
              <HeaderCell key={one} scope="col">
                {t(`supervisor.board.${one}`)}
              </HeaderCell>
            ))}
          </HeaderRow>
        </Head>
        <Body>
          {list.map((one) => (
            <Row key={one.queue}>
              <Cell>{one.queue || t("supervisor.board.noQueue")}</Cell>
              <Cell>{number(one.waiting)}</Cell>
              <Cell>{one.longest_since ? spanText((at - Date.parse(one.longest_since)) / 1000, t) : "–"}</Cell>
              <Cell>{number(one.online)}</Cell>
              <Cell>{number(one.with_room)}</Cell>
            </Row>
          ))}
          {list.length === 0 && (
            <Row>
              <Cell colSpan={5}>{t("supervisor.board.noQueues")}</Cell>
            </Row>
          )}
        </Body>
      </Table>
    </Wide>
  );
}

function Agents({ list, changed }: { list: AgentState[]; changed: () => void }) {
  const { t } = useSpeech();
  const { session } = usePage();
  return (
    <Wide tabIndex={0} role="region" aria-label={t("supervisor.board.agents")}>
      <Table size="small">
        <Caption>{t("supervisor.board.agents")}</Caption>
        <Head>
          <HeaderRow>
            {(["agent", "presence", "load", "limit", "groups"] as const).map((one) => (
              <HeaderCell key={one} scope="col">
                {t(`supervisor.board.${one}`)}
              </HeaderCell>
            ))}
          </HeaderRow>
        </Head>
        <Body>
          {list.map((one) => (
            <Agent key={one.id} agent={one} mayLimit={session.agent.role === "admin"} changed={changed} />
          ))}
          {list.length === 0 && (
            <Row>
              <Cell colSpan={5}>{t("supervisor.board.noAgents")}</Cell>
            </Row>
          )}
        </Body>
      </Table>
    </Wide>
  );
}

function Agent({ agent, mayLimit, changed }: { agent: AgentState; mayLimit: boolean; changed: () => void }) {
  const words = useSpeech();
  const { t, number } = words;
  const { client, toast } = usePage();
  const [limit, setLimit] = useState<string>();
  const name = agent.name ?? `#${agent.id}`;
  const change = async (what: string, body: Record<string, unknown>) => {
    try {
      await client.put(`/agents/${agent.id}/${what}`, { id: newID(), ...body });
      changed();
    } catch (error) {
      toast(faultText(error instanceof ApiError ? error : undefined, words), "error");
    }
  };
  return (
    <Row>
      <Cell>{name}</Cell>
      <Cell>
        <Field>
          <Field.Label hidden>{t("supervisor.board.presenceOf", { name })}</Field.Label>
          <Select isCompact value={agent.presence} onChange={(e) => void change("presence", { presence: e.target.value as Presence })}>
            {(["online", "away", "offline"] as const).map((one) => (
              <option key={one} value={one}>
                {t(`presence.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
      </Cell>
      <Cell>{agent.coming ? t("supervisor.board.coming", { n: agent.load, coming: agent.coming }) : number(agent.load)}</Cell>
      <Cell>
        {mayLimit ? (
          <Field>
            <Field.Label hidden>{t("supervisor.board.limitOf", { name })}</Field.Label>
            <Input
              isCompact
              type="number"
              min={0}
              max={500}
              value={limit ?? String(agent.limit)}
              onChange={(e) => setLimit(e.target.value)}
              onBlur={() => {
                if (limit !== undefined && Number(limit) !== agent.limit) void change("limit", { limit: Number(limit) });
                setLimit(undefined);
              }}
            />
          </Field>
        ) : (
          number(agent.limit)
        )}
      </Cell>
      <Cell>{agent.groups.map((one) => one.name).join(", ")}</Cell>
    </Row>
  );
}
