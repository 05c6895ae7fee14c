// What an agent has to see at a glance: who, which company, may it be attended, does the ticket match, how long is there.

import { Button } from "@zendeskgarden/react-buttons";
import { Tag } from "@zendeskgarden/react-tags";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import type { Conversation } from "../api/types";
import { WindowBadge } from "../chat/window";
import { Thermometer } from "../console/thermometer";
import { pendingOf } from "../ui/pending";
import { type Key, useSpeech } from "../i18n";

const List = styled.dl`
  display: grid;
  grid-template-columns: auto 1fr;
  gap: 2px ${(p) => p.theme.space.xs};
  margin: 0;
  font-size: ${(p) => p.theme.fontSizes.sm};
  dt {
    color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
  }
  dd {
    margin: 0;
  }
`;

const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${(p) => p.theme.space.xxs};
  align-items: center;
  justify-content: space-between;
`;

const Name = styled.h1`
  margin: 0;
  font-size: ${(p) => p.theme.fontSizes.md};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
`;

const Bad = styled.strong`
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.danger" })};
`;

/** The first things to know of a conversation. */
export function Facts({ conversation: c, more, toggle }: { conversation: Conversation; more: boolean; toggle: () => void }) {
  const { t, time } = useSpeech();
  const pending = pendingOf(c);
  const wrong = c.mismatches ?? [];
  return (
    <>
      <Row>
        <Name>{c.contact.name || c.contact.username || c.contact.phone || t("contact.unnamed")}</Name>
        <Tag size="small" hue={c.state === "active" ? "green" : c.state === "queued" ? "yellow" : "grey"}>
          <span>{t(`state.${c.state}`)}</span>
        </Tag>
      </Row>
      <Row>
        <Thermometer since={c.unanswered_since} />
        <WindowBadge window={c.window} />
      </Row>
      <List>
        <dt>{t("sidebar.company")}</dt>
        <dd>{c.organization?.name ?? <Bad>{t(c.flags?.includes("no_organization") ? "sidebar.company.unknown" : "common.unknown")}</Bad>}</dd>
        <dt>CNPJ</dt>
        <dd>{c.organization?.cnpj ?? <Bad>{t("common.unknown")}</Bad>}</dd>
        <dt>{t("sidebar.pending")}</dt>
        <dd>
          {pending === "no" ? t("common.pending.no") : <Bad>{t(`common.pending.${pending}`)}</Bad>}
          {c.organization && ` · ${t("sidebar.checked", { time: time(c.organization.checked) })}`}
        </dd>
        <dt>{t("sidebar.ticket")}</dt>
        <dd>
          {c.ticket ? `#${c.ticket}` : t("sidebar.ticket.none")}
          {" · "}
          {wrong.length ? <Bad>{wrong.map((one) => t(`sidebar.mismatch.${one}` as Key)).join(", ")}</Bad> : t("sidebar.match")}
        </dd>
      </List>
      <Row>
        <Button size="small" isLink onClick={toggle} aria-expanded={more}>
          {t(more ? "sidebar.less" : "sidebar.more")}
        </Button>
        {c.owner ? <span>{t("sidebar.owner", { name: c.owner_name || `#${c.owner}` })}</span> : <span>{t("sidebar.nobody", { queue: c.queue ?? "" })}</span>}
      </Row>
    </>
  );
}
