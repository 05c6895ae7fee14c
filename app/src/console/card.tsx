// The form of the cards that tell what is known.

import { getColor } from "@zendeskgarden/react-theming";
import { type ReactNode, useId } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";

const Box = styled.section`
  padding: 8px 12px 10px;
  border-bottom: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.subtle" })};
`;

const Head = styled.div`
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 6px;
  min-height: 26px;
`;

const Title = styled.h2`
  margin: 0;
  font-size: ${(p) => p.theme.fontSizes.md};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
`;

const List = styled.dl`
  display: grid;
  grid-template-columns: minmax(72px, auto) minmax(0, 1fr);
  gap: 3px 10px;
  margin: 0;
  font-size: ${(p) => p.theme.fontSizes.sm};
  & > dt {
    color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
  }
  & > dd {
    margin: 0;
    min-width: 0;
  }
`;

/** Something that is wrong, in red; the words say so too. */
export const Bad = styled.strong`
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.danger" })};
`;

/** Something that is right. */
export const Good = styled.span`
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.success" })};
`;

/** Small words that explain. */
export const Hint = styled.span`
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

/** What is known of a thing. children are facts. */
export function Card({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <Box aria-labelledby={id}>
      <Head>
        <Title id={id}>{title}</Title>
        {side}
      </Head>
      {children}
    </Box>
  );
}

/** Facts of a card. */
export function Facts({ children }: { children: ReactNode }) {
  return <List>{children}</List>;
}

/** One fact. What is not known is said to be so. */
export function Fact({ name, children }: { name: string; children?: ReactNode }) {
  const { t } = useSpeech();
  const empty = children === undefined || children === null || children === "" || children === false;
  return (
    <>
      <dt>{name}</dt>
      <dd>{empty ? <Hint>{t("common.unknown")}</Hint> : children}</dd>
    </>
  );
}
