// What supervisors see: how things stand now, what the auditor found, figures, work that failed, canned replies.

import { Skeleton } from "@zendeskgarden/react-loaders";
import { Tabs } from "@zendeskgarden/react-tabs";
import { Suspense, lazy, useState } from "react";
import { styled } from "styled-components";
import { type Key, useSpeech } from "../i18n";
import { Board } from "./board";

const Verdicts = lazy(() => import("./verdicts"));
const Figures = lazy(() => import("./figures"));
const Work = lazy(() => import("./work"));
const Replies = lazy(() => import("./replies"));

const Place = styled.section`
  height: 100%;
  overflow: auto;
  padding: ${(p) => p.theme.space.md};
`;

const parts = ["board", "verdicts", "report", "work", "canned"] as const;

/** The supervisors' pages. open shows a conversation. */
export function Supervisor({ open }: { open: (session: string) => void }) {
  const { t } = useSpeech();
  const [part, setPart] = useState<string>("board");
  return (
    <Place aria-label={t("supervisor.title")}>
      <Tabs selectedItem={part} onChange={setPart}>
        <Tabs.TabList aria-label={t("supervisor.title")}>
          {parts.map((one) => (
            <Tabs.Tab key={one} item={one}>
              {t(`supervisor.${one}` as Key)}
            </Tabs.Tab>
          ))}
        </Tabs.TabList>
        {parts.map((one) => (
          <Tabs.TabPanel key={one} item={one}>
            <Suspense fallback={<Skeleton height="200px" />}>{part === one && <Part name={one} open={open} />}</Suspense>
          </Tabs.TabPanel>
        ))}
      </Tabs>
    </Place>
  );
}

function Part({ name, open }: { name: (typeof parts)[number]; open: (session: string) => void }) {
  switch (name) {
    case "board":
      return <Board />;
    case "verdicts":
      return <Verdicts open={open} />;
    case "report":
      return <Figures />;
    case "work":
      return <Work open={open} />;
    case "canned":
      return <Replies />;
  }
}
