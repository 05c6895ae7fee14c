// Beginning a conversation: number, phone, template or words.

import { Button } from "@zendeskgarden/react-buttons";
import { Body, Close, Header, Modal } from "@zendeskgarden/react-modals";
import { Alert } from "@zendeskgarden/react-notifications";
import { useId, useRef, useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { Choice, Line, Lines } from "../actions/fields";
import { Refusal, newID } from "../api/client";
import type { TemplateCall } from "../api/types";
import Templates from "../chat/templates";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { phoneFault } from "./phone";

const Fields = styled.div`
  display: grid;
  gap: ${(p) => p.theme.space.sm};
  justify-items: stretch;
`;

const Actions = styled.div`
  display: flex;
  flex-wrap: wrap;
  justify-content: end;
  gap: ${(p) => p.theme.space.xs};
`;

interface Props {
  /** The ticket to go on in; 0 for a new one. */
  ticket?: number;
  close: () => void;
  /** Is told the session that was begun, or the one that goes on and that the agent wants to see. */
  opened: (session: string) => void;
}

type How = "template" | "text";

/** The dialog that begins a conversation. */
export function StartDialog({ ticket = 0, close, opened }: Props) {
  const words = useSpeech();
  const { t } = words;
  const { client, session, toast } = usePage();
  const id = useId();
  const top = useRef<HTMLDivElement>(null);
  const [number, setNumber] = useState(session.numbers[0]?.id ?? "");
  const [phone, setPhone] = useState("");
  const [goOn, setGoOn] = useState(ticket ? String(ticket) : "");
  const [how, setHow] = useState<How>("template");
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const [standing, setStanding] = useState("");
  const intent = useRef({ id: "", told: "" });
  const wrongPhone = phoneFault(phone);
  const wrongTicket = goOn.trim() !== "" && !/^#?[1-9]\d{0,15}$/.test(goOn.trim());

  const begin = async (what: { text: string } | { template: TemplateCall }) => {
    setTried(true);
    if (wrongPhone || wrongTicket || busy) return top.current?.querySelector<HTMLElement>('input[type="tel"]')?.focus();
    const body = { phone: phone.trim(), ...what, ...(goOn.trim() ? { ticket: Number(goOn.trim().replace("#", "")) } : {}) };
    const told = JSON.stringify([number, body]);
    if (intent.current.told !== told) intent.current = { id: newID(), told };
    setBusy(true);
    setFault("");
    setStanding("");
    try {
      const answer = await client.command(`/numbers/${number}/conversations`, intent.current.id, body, "");
      toast(t("console.start.done"), "success");
      close();
      if (answer.session) opened(answer.session);
    } catch (error) {
      if (error instanceof Refusal) intent.current = { id: "", told: "" };
      if (error instanceof Refusal && error.code === "conversation_open" && error.answer.session) setStanding(error.answer.session);
      setFault(faultText(error, words));
    }
    setBusy(false);
  };

  return (
    <Modal onClose={close} aria-labelledby={id} focusOnMount>
      <Header id={id} tag="h2">
        {t("console.start")}
      </Header>
      <Body>
        <Fields ref={top} aria-busy={busy}>
          {session.numbers.length > 1 && (
            <Choice label={t("console.start.number")} value={number} change={setNumber} options={session.numbers.map((one) => ({ value: one.id, label: one.name || one.id }))} />
          )}
          <Line label={t("console.start.phone")} hint={t("console.start.phone.hint")} type="tel" value={phone} change={setPhone} {...(tried && wrongPhone ? { wrong: t(wrongPhone) } : {})} />
          <Line label={t("console.start.ticket")} optional value={goOn} change={setGoOn} {...(wrongTicket ? { wrong: t("console.start.ticket.wrong") } : {})} />
          <Choice
            label={t("console.start.how")}
            value={how}
            change={(value) => setHow(value as How)}
            options={[
              { value: "template", label: t("console.start.template") },
              { value: "text", label: t("console.start.free") },
            ]}
          />
          {how === "template" ? (
            number && <Templates key={number} number={number} customer="" send={(template) => void begin({ template })} />
          ) : (
            <>
              <Lines label={t("console.start.text")} hint={t("console.start.text.hint")} value={text} change={setText} maxLength={4096} {...(tried && !text.trim() ? { wrong: t("console.start.text.missing") } : {})} />
              <Actions>
                <Button isPrimary disabled={busy} onClick={() => (text.trim() ? void begin({ text: text.trim() }) : setTried(true))}>
                  {busy ? t("common.loading") : t("console.start.send")}
                </Button>
              </Actions>
            </>
          )}
          {fault && (
            <Alert type="error" role="alert">
              {fault}
              {standing && (
                <Actions>
                  <Button
                    size="small"
                    onClick={() => {
                      close();
                      opened(standing);
                    }}
                  >
                    {t("console.start.standing")}
                  </Button>
                </Actions>
              )}
            </Alert>
          )}
        </Fields>
      </Body>
      <Close aria-label={t("common.close")} />
    </Modal>
  );
}
