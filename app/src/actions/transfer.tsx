import { Checkbox, Field } from "@zendeskgarden/react-forms";
import { useState } from "react";
import { newID } from "../api/client";
import { useSpeech } from "../i18n";
import { useOverview } from "../live/data";
import { usePage } from "../live/page";
import type { DialogProps } from "./dialog";
import { Choice, Lines } from "./fields";
import { Frame } from "./frame";

/** Gives the conversation to another queue or agent. */
export function TransferDialog({ conversation, close, later }: DialogProps) {
  const { t } = useSpeech();
  const { session } = usePage();
  const overview = useOverview().data;
  const [to, setTo] = useState("");
  const [all, setAll] = useState(false);
  const [note, setNote] = useState("");
  const [force, setForce] = useState(false);
  const [tried, setTried] = useState(false);
  const known = new Map((overview?.queues ?? []).map((one) => [one.queue, one]));
  const queues = [...new Set([...session.queues, ...known.keys()])].filter((name) => name && name !== conversation.queue).sort((a, b) => a.localeCompare(b));
  const agents = (overview?.agents ?? []).filter((one) => one.id !== conversation.owner && (all || one.presence === "online"));
  const options = [
    { value: "", label: t("actions.transfer.choose"), disabled: true },
    ...queues.map((name) => {
      const one = known.get(name);
      return { value: `q:${name}`, label: one ? t("actions.transfer.queue", { name, waiting: one.waiting, online: one.online }) : t("actions.transfer.plain", { name }) };
    }),
    ...agents.map((one) => ({
      value: `a:${one.id}`,
      label: t("actions.transfer.agent", { name: one.name ?? `#${one.id}`, presence: t(`presence.${one.presence}`), load: one.load, limit: one.limit }),
    })),
  ];
  const agent = agents.find((one) => `a:${one.id}` === to);
  const full = agent && agent.load + (agent.coming ?? 0) >= agent.limit;
  const send = () => {
    setTried(true);
    if (!to) return;
    const name = agent ? (agent.name ?? `#${agent.id}`) : to.slice(2);
    const body = { ...(agent ? { to: { id: agent.id, ...(agent.name ? { name: agent.name } : {}) } } : { group: to.slice(2) }), ...(note.trim() ? { text: note.trim() } : {}), ...(full && force ? { force } : {}) };
    later({ id: newID(), session: conversation.session, name: "transfer", body, text: t("actions.transfer.pending", { name }), done: t("actions.transfer.done", { name }) });
    close();
  };
  return (
    <Frame title={t("actions.transfer")} button={t("actions.transfer")} close={close} send={send}>
      <Choice label={t("actions.transfer.to")} value={to} change={setTo} options={options} wrong={tried && !to ? t("actions.transfer.choose") : undefined} />
      <Field>
        <Checkbox checked={all} onChange={(e) => setAll(e.target.checked)}>
          <Field.Label>{t("actions.transfer.all")}</Field.Label>
        </Checkbox>
      </Field>
      {full && (
        <Field>
          <Checkbox checked={force} onChange={(e) => setForce(e.target.checked)}>
            <Field.Label>{t("actions.transfer.force")}</Field.Label>
          </Checkbox>
        </Field>
      )}
      <Lines label={t("actions.transfer.note")} hint={t("actions.transfer.note.hint")} value={note} change={setNote} maxLength={4096} optional />
    </Frame>
  );
}
