// Whether I take conversations, and how many I have.

import { getColor } from "@zendeskgarden/react-theming";
import { useRef, useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { newID } from "../api/client";
import type { AgentState, Presence } from "../api/types";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Choice } from "./search";

/** The dot of a presence; words stand beside it. */
export const PresenceDot = styled.span<{ $presence: Presence }>`
  display: inline-block;
  flex: none;
  width: 10px;
  height: 10px;
  border-radius: ${(p) => (p.$presence === "offline" ? "2px" : "50%")};
  border: 2px solid ${(p) => getColor({ theme: p.theme, variable: p.$presence === "online" ? "border.successEmphasis" : p.$presence === "away" ? "border.warningEmphasis" : "border.emphasis" })};
  ${(p) => p.$presence === "online" && `background: ${getColor({ theme: p.theme, variable: "background.successEmphasis" })};`}
`;

const Box = styled.div`
  display: grid;
  gap: 4px;
  padding: 8px 10px;
`;

const Line = styled.div`
  display: flex;
  align-items: center;
  gap: 6px;
  min-width: 0;
`;

const Load = styled.div<{ $full: boolean }>`
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${(p) => getColor({ theme: p.theme, variable: p.$full ? "foreground.warning" : "foreground.subtle" })};
`;

const presences: Presence[] = ["online", "away", "offline"];

/** My presence, and how many conversations I have of how many. */
export function MyPresence({ state, told }: { state: AgentState | undefined; told: () => void }) {
  const { client, session, toast } = usePage();
  const words = useSpeech();
  const { t } = words;
  const [wanted, setWanted] = useState<Presence>();
  const intent = useRef({ id: "", presence: "" });
  const set = async (presence: Presence) => {
    setWanted(presence);
    if (intent.current.presence !== presence) intent.current = { id: newID(), presence };
    const path = `/agents/${session.agent.id}`;
    try {
      await client.command(`${path}/presence`, intent.current.id, { presence }, path, "PUT");
      intent.current = { id: "", presence: "" };
      told();
    } catch (error) {
      toast(faultText(error, words), "error");
    }
    setWanted(undefined);
  };
  const present = wanted ?? state?.presence ?? "offline";
  const full = Boolean(state && state.limit > 0 && state.load >= state.limit);
  return (
    <Box>
      <Line>
        <PresenceDot $presence={present} />
        <Choice aria-label={t("console.presence")} aria-busy={wanted !== undefined} value={present} onChange={(event) => void set(event.target.value as Presence)}>
          {presences.map((one) => (
            <option key={one} value={one}>
              {t(`presence.${one}`)}
            </option>
          ))}
        </Choice>
      </Line>
      <Load $full={full}>{state ? t(full ? "console.load.full" : "console.load", { load: state.load, limit: state.limit }) : t("console.load.unknown")}</Load>
    </Box>
  );
}
