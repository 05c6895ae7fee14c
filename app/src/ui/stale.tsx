import { Alert } from "@zendeskgarden/react-notifications";
import { useCallback, useState } from "react";
import { useSpeech } from "../i18n";
import type { LiveEvent } from "../live/live";
import { useLive, usePage } from "../live/page";

/** Says that the page has no live connection, and since when. */
export function Stale() {
  const { t, time } = useSpeech();
  const { live } = usePage();
  const [since, setSince] = useState(live.staleSince);
  useLive(
    useCallback((event: LiveEvent) => {
      if (event.kind === "stale") setSince(event.since);
      if (event.kind === "fresh") setSince(0);
    }, []),
  );
  return since ? (
    <Alert type="warning" role="status">
      {t("live.stale", { time: time(since) })}
    </Alert>
  ) : null;
}
