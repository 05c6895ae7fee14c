import { pathOf } from "../api/client";
import { Field, Fieldset, Radio } from "@zendeskgarden/react-forms";
import { useEffect, useState } from "react";
import type { Message, MessageList, Ticket } from "../api/types";
import { useSelection } from "../chat/selection";
import { now } from "../clock";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { useIntent } from "./command";
import type { DialogProps } from "./dialog";
import { Choice, Line } from "./fields";
import { Frame } from "./frame";
import { useOnce } from "./once";

/** How many messages of people the last hours hold. */
export function inHours(messages: Message[], hours: number, at: number): number {
  return messages.filter((one) => one.kind === "message" && Date.parse(one.at) > at - hours * 3_600_000).length;
}

/** How long the search waits for the next letter, in milliseconds. */
const still = 300;

/** Copies chosen messages, or those of the last hours, onto a ticket. */
export function LinkDialog({ conversation, close }: DialogProps) {
  const { t, moment } = useSpeech();
  const { client, toast } = usePage();
  const { busy, fault, run } = useIntent(conversation.session);
  const selection = useSelection();
  const chosen = selection.ids;
  const all = useOnce<MessageList>(`${pathOf(conversation.session)}/messages`)?.messages ?? [];
  const [which, setWhich] = useState(chosen.length ? "chosen" : "hours");
  const [hours, setHours] = useState("1");
  const [where, setWhere] = useState("old");
  const [q, setQ] = useState("");
  const [found, setFound] = useState<Ticket[]>([]);
  const [ticket, setTicket] = useState("");
  const [subject, setSubject] = useState("");
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    if (where !== "old" || !q.trim()) return setFound([]);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client.get<{ tickets: Ticket[] }>("/tickets", { q: q.trim() }, abort.signal).then(
        ({ tickets }) => {
          setFound(tickets);
          setTicket((kept) => (tickets.some((one) => String(one.id) === kept) ? kept : String(tickets[0]?.id ?? "")));
        },
        () => {},
      );
    }, still);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [client, q, where]);

  const count = which === "chosen" ? chosen.length : inHours(all, Number(hours), now());
  const send = async () => {
    if (!count) return setWrong(t("actions.link.nothing"));
    if (where === "old" && !ticket) return setWrong(t("actions.link.ticket.missing"));
    if (where === "new" && !subject.trim()) return setWrong(t("actions.missing"));
    setWrong("");
    const what = which === "chosen" ? { messages: chosen } : { hours: Number(hours) };
    if (await run("link", { ...what, ...(where === "old" ? { ticket: Number(ticket) } : { subject: subject.trim() }) })) {
      toast(t("actions.link.done", { n: count }), "success");
      selection.stop();
      close();
    }
  };
  return (
    <Frame title={t("actions.link")} button={t("actions.link.button", { n: count })} busy={busy} fault={wrong || fault} close={close} send={() => void send()}>
      <Fieldset>
        <Fieldset.Legend>{t("actions.link.which")}</Fieldset.Legend>
        <Field>
          <Radio name="which" checked={which === "chosen"} disabled={!chosen.length} onChange={() => setWhich("chosen")}>
            <Field.Label>{t("actions.link.chosen", { n: chosen.length })}</Field.Label>
          </Radio>
        </Field>
        <Field>
          <Radio name="which" checked={which === "hours"} onChange={() => setWhich("hours")}>
            <Field.Label>{t("actions.link.hours")}</Field.Label>
          </Radio>
        </Field>
      </Fieldset>
      {which === "hours" && (
        <Choice label={t("actions.link.last")} value={hours} change={setHours} options={[1, 2, 4, 8, 12, 24].map((n) => ({ value: String(n), label: t("actions.link.count", { hours: n, n: inHours(all, n, now()) }) }))} />
      )}
      {which === "hours" && !chosen.length && <p>{t("actions.link.select")}</p>}
      <Fieldset>
        <Fieldset.Legend>{t("actions.link.where")}</Fieldset.Legend>
        {(["old", "new"] as const).map((one) => (
          <Field key={one}>
            <Radio name="where" checked={where === one} onChange={() => setWhere(one)}>
              <Field.Label>{t(`actions.link.${one}`)}</Field.Label>
            </Radio>
          </Field>
        ))}
      </Fieldset>
      {where === "old" ? (
        <>
          <Line label={t("actions.link.search")} value={q} change={setQ} maxLength={100} />
          {found.length > 0 && (
            <Choice
              label={t("actions.link.ticket")}
              value={ticket}
              change={setTicket}
              options={found.map((one) => ({ value: String(one.id), label: `#${one.id} ${one.subject ?? ""}${one.updated ? ` · ${moment(one.updated)}` : ""}` }))}
            />
          )}
        </>
      ) : (
        <Line label={t("actions.close.subject")} value={subject} change={setSubject} maxLength={150} />
      )}
    </Frame>
  );
}
