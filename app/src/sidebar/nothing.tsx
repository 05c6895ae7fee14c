import { Button } from "@zendeskgarden/react-buttons";
import { Suspense, lazy, useState } from "react";
import { styled } from "styled-components";
import { useSpeech, withWords } from "../i18n";
import { Stale } from "../ui/stale";

const Start = lazy(() => withWords("console", () => import("../console/start")).then((m) => ({ default: m.StartDialog })));

const Place = styled.main`
  display: grid;
  gap: ${(p) => p.theme.space.sm};
  padding: ${(p) => p.theme.space.md};
  justify-items: start;
`;

/** A ticket that no conversation belongs to. */
export function Nothing({ ticket, begun }: { ticket: number; begun: () => void }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <Place>
      <Stale />
      <h1>{t("sidebar.nothing")}</h1>
      <p>{t("sidebar.nothing.hint")}</p>
      {ticket > 0 && <Button onClick={() => setOpen(true)}>{t("sidebar.start")}</Button>}
      {open && (
        <Suspense fallback={null}>
          <Start ticket={ticket} close={() => setOpen(false)} opened={begun} />
        </Suspense>
      )}
    </Place>
  );
}
