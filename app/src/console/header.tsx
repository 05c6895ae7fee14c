// Above the chat: whose conversation it is, how it stands, and what there is to do.

import back from "@zendeskgarden/svg-icons/src/16/arrow-left-stroke.svg?raw";
import panels from "@zendeskgarden/svg-icons/src/16/info-stroke.svg?raw";
import { Button, IconButton } from "@zendeskgarden/react-buttons";
import { Tag } from "@zendeskgarden/react-tags";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import type { Actions } from "../actions/action";
import { ActionBar } from "../actions/bar";
import type { Conversation } from "../api/types";
import { WindowBadge } from "../chat/window";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Icon } from "../ui/icon";
import { Narrow } from "./columns";
import { nameOf } from "./initials";
import { Choice } from "./search";
import { Thermometer } from "./thermometer";

const Box = styled.header`
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 6px;
  padding: 8px 12px;
  border-bottom: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.default" })};
`;

const Line = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px 8px;
  min-width: 0;
`;

const Top = styled(Line)`
  flex-wrap: nowrap;
  white-space: nowrap;
`;

const Name = styled.h2`
  flex: 0 1 auto;
  min-width: 0;
  margin: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  font-size: ${(p) => p.theme.fontSizes.lg};
  line-height: 24px;
  font-weight: ${(p) => p.theme.fontWeights.semibold};
`;

const Subtle = styled.span`
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

const Grow = styled.span`
  flex: 1;
`;

const State = styled.span`
  flex: none;
`;

const Earlier = styled(Choice)`
  max-width: 150px;
`;

const hues = { queued: "yellow", active: "green", pending: "blue" } as const;

/** The end of a session's id, by which people tell the sessions of a contact apart. */
export function tail(session: string): string {
  return /-(\d{1,5})$/.exec(session)?.[1] ?? session.slice(-6);
}

interface Props {
  conversation: Conversation;
  actions: Actions;
  /** The session that is read; the conversation's own or an earlier one. */
  viewed: string;
  look: (session: string) => void;
  details: boolean;
  toggleDetails: () => void;
  goBack: () => void;
}

/** The head of the chat. */
export function ChatHeader({ conversation: c, actions, viewed, look, details, toggleDetails, goBack }: Props) {
  const { t } = useSpeech();
  const { host, session } = usePage();
  const owner = c.owner === session.agent.id ? t("console.row.mine") : c.owner ? c.owner_name || `#${c.owner}` : t("console.session.nobody");
  const earlier = c.sessions.filter((one) => one !== c.session);
  const hue = hues[c.state as keyof typeof hues] ?? "grey";
  return (
    <Box>
      <Top>
        <Narrow>
          <IconButton size="small" aria-label={t("console.back.list")} onClick={goBack}>
            <Icon svg={back} />
          </IconButton>
        </Narrow>
        <Name>{nameOf(c.contact, t("contact.unnamed"))}</Name>
        <State>
          <Tag size="small" hue={hue}>
            <span>{t(`state.${c.state}`)}</span>
          </Tag>
        </State>
        <Grow />
        <IconButton size="small" aria-label={t("console.details")} title={t("console.details")} aria-pressed={details} onClick={toggleDetails}>
          <Icon svg={panels} />
        </IconButton>
      </Top>
      <Line>
        <Thermometer since={c.unanswered_since} />
        <WindowBadge window={c.window} />
        <Subtle>
          {[c.organization?.name ?? t("console.row.nocompany"), c.queue, owner].filter(Boolean).join(" · ")}
        </Subtle>
        {c.ticket ? (
          <Button size="small" isLink onClick={() => c.ticket && host.openTicket(c.ticket)}>
            {t("common.ticket", { id: String(c.ticket) })}
          </Button>
        ) : null}
      </Line>
      <Line>
        <ActionBar actions={actions} />
        <Grow />
        {earlier.length > 0 && (
          <Earlier aria-label={t("console.sessions")} value={viewed} onChange={(event) => look(event.target.value)}>
            <option value={c.session}>{t("console.sessions.now")}</option>
            {earlier.map((one) => (
              <option key={one} value={one}>
                {t("console.sessions.before", { id: tail(one) })}
              </option>
            ))}
          </Earlier>
        )}
      </Line>
    </Box>
  );
}
