// What is done in some seconds unless the agent takes it back.

import { pathOf } from "../api/client";
import { Button } from "@zendeskgarden/react-buttons";
import { Alert } from "@zendeskgarden/react-notifications";
import { useEffect, useRef, useState } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { faultText } from "./command";

/** A command that waits a while. */
export interface Later {
  id: string;
  session: string;
  name: string;
  body: Record<string, unknown>;
  /** What is going to happen, and what has happened then. */
  text: string;
  done: string;
}

/** How long it can be taken back, in seconds. */
export const grace = 10;

const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${(p) => p.theme.space.xs};
  margin-top: ${(p) => p.theme.space.xs};
`;

/** Counts down, then carries the command out; at once when the page goes. */
export function Pending({ later, gone }: { later: Later; gone: () => void }) {
  const { client, toast } = usePage();
  const words = useSpeech();
  const { t } = words;
  const [left, setLeft] = useState(grace);
  const [fault, setFault] = useState("");
  const state = useRef<"waiting" | "begun" | "back">("waiting");

  const begin = async () => {
    if (state.current !== "waiting") return;
    state.current = "begun";
    setFault("");
    try {
      await client.command(`${pathOf(later.session)}/${later.name}`, later.id, later.body, pathOf(later.session));
      toast(later.done, "success");
      gone();
    } catch (error) {
      state.current = "waiting"; // the same id again is the same command
      setLeft(0);
      setFault(faultText(error, words));
    }
  };
  const latest = useRef(begin);
  latest.current = begin;

  useEffect(() => {
    const timer = setInterval(() => setLeft((n) => Math.max(n - 1, 0)), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left === 0 && !fault) void latest.current();
  }, [left, fault]);
  useEffect(() => {
    const now = () => void latest.current();
    window.addEventListener("pagehide", now);
    return () => {
      window.removeEventListener("pagehide", now);
      if (state.current === "waiting") now();
    };
  }, []);

  return (
    <Alert type={fault ? "error" : "info"} role="status">
      {fault || `${later.text} ${t("actions.pending.left", { n: left })}`}
      <Row>
        <Button
          size="small"
          onClick={() => {
            state.current = "back";
            gone();
          }}
        >
          {t("actions.pending.undo")}
        </Button>
        <Button size="small" onClick={() => void begin()}>
          {t(fault ? "common.retry" : "actions.pending.now")}
        </Button>
      </Row>
    </Alert>
  );
}
