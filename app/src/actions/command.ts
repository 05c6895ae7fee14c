// Carrying commands out from the page.

import { useCallback, useRef, useState } from "react";
import { ApiError, newID, pathOf } from "../api/client";
import type { Answer } from "../api/types";
import { type Speech, useSpeech } from "../i18n";
import { usePage } from "../live/page";

/** What went wrong, for people: the server's words where it gave any. */
export function faultText(error: unknown, { t }: Speech): string {
  if (!(error instanceof ApiError)) return t("error.unknown", { code: "page" });
  if (error.message) return error.message;
  return error.status === 0 ? t("error.unreachable") : t("error.unknown", { code: error.code });
}

/** One intent of the agent: it keeps its id over tries until it is done or refused, so that nothing happens twice. */
export interface Intent {
  busy: boolean;
  fault: string;
  run(name: string, body?: Record<string, unknown>): Promise<Answer | undefined>;
}

/** Commands on one conversation. run tells undefined when it did not work; fault says why. */
export function useIntent(session: string): Intent {
  const { client } = usePage();
  const words = useSpeech();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const id = useRef("");
  const run = useCallback(
    async (name: string, body: Record<string, unknown> = {}) => {
      id.current ||= newID();
      setBusy(true);
      setFault("");
      try {
        const answer = await client.command(`${pathOf(session)}/${name}`, id.current, body, pathOf(session));
        id.current = "";
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError && error.passing)) id.current = ""; // it was answered: another try is another command
        setFault(faultText(error, words));
        return undefined;
      } finally {
        setBusy(false);
      }
    },
    [client, session, words],
  );
  return { busy, fault, run };
}
