import { Tag } from "@zendeskgarden/react-tags";
import { useState } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { useIntent } from "./command";
import type { DialogProps } from "./dialog";
import { Line } from "./fields";
import { Frame } from "./frame";

const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${(p) => p.theme.space.xs};
  align-items: flex-start;
`;

/** A tag as Zendesk keeps one: lower case, no spaces. */
export function tagOf(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, "_").replace(/[,;]+/g, "");
}

/** Puts tags on the conversation and takes them off. */
export function TagDialog({ conversation, close }: DialogProps) {
  const { t } = useSpeech();
  const { toast } = usePage();
  const { busy, fault, run } = useIntent(conversation.session);
  const had = conversation.tags ?? [];
  const [tags, setTags] = useState(had);
  const [text, setText] = useState("");
  const with_ = (list: string[]) => {
    const tag = tagOf(text);
    return tag && !list.includes(tag) ? [...list, tag] : list;
  };
  const send = async () => {
    const want = with_(tags);
    const add = want.filter((one) => !had.includes(one));
    const remove = had.filter((one) => !want.includes(one));
    if (!add.length && !remove.length) return close();
    if (await run("tag", { ...(add.length ? { add } : {}), ...(remove.length ? { remove } : {}) })) {
      toast(t("actions.tag.done"), "success");
      close();
    }
  };
  return (
    <Frame title={t("actions.tag")} button={t("common.save")} busy={busy} fault={fault} close={close} send={() => void send()}>
      <Row>
        {tags.length === 0 && <span>{t("actions.tag.none")}</span>}
        {tags.map((one) => (
          <Tag key={one} size="large">
            <span>{one}</span>
            <Tag.Close aria-label={t("actions.tag.remove", { name: one })} onClick={() => setTags(tags.filter((other) => other !== one))} />
          </Tag>
        ))}
      </Row>
      <Line label={t("actions.tag.new")} hint={t("actions.tag.hint")} value={text} change={(value) => (/[ ,;]$/.test(value) ? (setTags(with_(tags)), setText("")) : setText(value))} maxLength={100} />
    </Frame>
  );
}
