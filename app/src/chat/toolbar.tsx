// The row of tools below the text.

import bolt from "@zendeskgarden/svg-icons/src/16/speech-bubble-lightning-bolt-stroke.svg?raw";
import clip from "@zendeskgarden/svg-icons/src/16/paperclip.svg?raw";
import document from "@zendeskgarden/svg-icons/src/16/file-document-stroke.svg?raw";
import mic from "@zendeskgarden/svg-icons/src/16/microphone-on-stroke.svg?raw";
import smile from "@zendeskgarden/svg-icons/src/16/smiley-stroke.svg?raw";
import { Button } from "@zendeskgarden/react-buttons";
import { useRef } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import type { Attachments } from "./attachments";
import { Round, Small } from "./parts";
import { useEnterSends } from "./settings";

const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px;
`;

const End = styled.div`
  display: flex;
  flex: 1;
  align-items: center;
  justify-content: flex-end;
  gap: 8px;
`;

const Choice = styled.label`
  display: inline-flex;
  align-items: center;
  gap: 4px;
  min-height: 24px;
  cursor: pointer;
`;

interface Props {
  note: boolean;
  kept: boolean;
  off: boolean;
  panel: string;
  attachments: Attachments | undefined;
  canned(): void;
  emoji(): void;
  record: (() => void) | undefined;
  template: (() => void) | undefined;
  send(): void;
}

/** The tools of a text, and the button that sends it. */
export function Toolbar({ note, kept, off, panel, attachments, canned, emoji, record, template, send }: Props) {
  const { t } = useSpeech();
  const [enter, setEnter] = useEnterSends();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Row>
        {attachments && (
          <>
            <Tool svg={clip} label={t("chat.attach")} run={() => picker.current?.click()} />
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-label={t("chat.attach")}
              onChange={(event) => {
                attachments.add([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
          </>
        )}
        {record && <Tool svg={mic} label={t("chat.record")} run={record} on={panel === "recorder"} />}
        <Tool svg={smile} label={t("chat.emoji")} run={emoji} on={panel === "emoji"} />
        <Tool svg={bolt} label={t("chat.canned")} run={canned} />
        {template && <Tool svg={document} label={t("chat.templates")} run={template} />}
        <End>
          <Button size="small" isPrimary={!note} disabled={off} onClick={send} data-send>
            {t(note ? "chat.note.save" : kept ? "chat.send.kept" : "chat.send")}
          </Button>
        </End>
      </Row>
      <Row>
        {!note && (
          <Choice>
            <input type="checkbox" checked={enter} onChange={(event) => setEnter(event.target.checked)} />
            <Small>{t("chat.send.enter")}</Small>
          </Choice>
        )}
        <End>
          <Small>{t(note ? "chat.note.keys" : enter ? "chat.send.keys.enter" : "chat.send.keys")}</Small>
        </End>
      </Row>
    </>
  );
}

function Tool({ svg, label, run, on }: { svg: string; label: string; run: () => void; on?: boolean }) {
  return (
    <Round type="button" aria-label={label} title={label} $on={on ?? false} {...(on === undefined ? {} : { "aria-expanded": on })} onClick={run}>
      <Icon svg={svg} />
    </Round>
  );
}
