import { Radio } from "@zendeskgarden/react-forms";
import { Field, Fieldset } from "@zendeskgarden/react-forms";
import { useState } from "react";
import { now } from "../clock";
import { type Key, useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { useIntent } from "./command";
import type { DialogProps } from "./dialog";
import { Line } from "./fields";
import { Frame } from "./frame";
import { presets } from "./presets";

/** Puts a conversation off. */
export function SnoozeDialog({ conversation, close }: DialogProps) {
  const { t, moment } = useSpeech();
  const { toast, session } = usePage();
  const { busy, fault, run } = useIntent(conversation.session);
  const [offers] = useState(() => presets(now(), session.zone));
  const [choice, setChoice] = useState<string>("hour");
  const [own, setOwn] = useState("");
  const [wrong, setWrong] = useState("");
  const send = async () => {
    const at = choice === "own" ? Date.parse(own) : (offers.find((one) => one.name === choice)?.at ?? NaN);
    if (Number.isNaN(at) || at <= now()) {
      setWrong(t("actions.snooze.wrong"));
      return;
    }
    if (await run("snooze", { until: new Date(at).toISOString() })) {
      toast(t("actions.snooze.done", { time: moment(at) }), "success");
      close();
    }
  };
  return (
    <Frame title={t("actions.snooze")} button={t("actions.snooze")} busy={busy} fault={fault} close={close} send={() => void send()}>
      <Fieldset>
        <Fieldset.Legend>{t("actions.snooze.until")}</Fieldset.Legend>
        {[...offers.map((one) => ({ name: one.name as string, label: `${t(`actions.snooze.${one.name}` as Key)} · ${moment(one.at)}` })), { name: "own", label: t("actions.snooze.own") }].map((one) => (
          <Field key={one.name}>
            <Radio name="until" value={one.name} checked={choice === one.name} onChange={() => setChoice(one.name)}>
              <Field.Label>{one.label}</Field.Label>
            </Radio>
          </Field>
        ))}
      </Fieldset>
      {choice === "own" && <Line label={t("actions.snooze.when")} type="datetime-local" value={own} change={setOwn} wrong={wrong || undefined} />}
      <p>{t("actions.snooze.hint")}</p>
    </Frame>
  );
}
