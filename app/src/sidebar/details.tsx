import type { Conversation } from "../api/types";
import { styled } from "styled-components";
import { CompanyCard, HistoryCard, SessionCard, TicketCard, VerdictCard } from "../console/details";

const Cards = styled.div`
  display: grid;
  gap: ${(p) => p.theme.space.xs};
`;

/** All that is known of a conversation. */
export default function Details({ conversation }: { conversation: Conversation }) {
  return (
    <Cards>
      <CompanyCard conversation={conversation} />
      <TicketCard conversation={conversation} />
      <SessionCard conversation={conversation} />
      <VerdictCard conversation={conversation} />
      <HistoryCard conversation={conversation} />
    </Cards>
  );
}
