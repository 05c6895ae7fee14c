import again from "@zendeskgarden/svg-icons/src/16/reload-stroke.svg?raw";
import file from "@zendeskgarden/svg-icons/src/16/file-generic-stroke.svg?raw";
import x from "@zendeskgarden/svg-icons/src/16/x-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import type { Attachment, Attachments } from "./attachments";
import { useLocalURL } from "./files";
import { Link } from "./format";
import { source } from "./limits";
import { Round, Small, Wrong } from "./parts";

const List = styled.ul`
  display: grid;
  gap: 4px;
  max-height: 132px;
  margin: 0;
  padding: 0;
  overflow-y: auto;
  list-style: none;
`;

const Entry = styled.li`
  display: flex;
  align-items: center;
  gap: 8px;
  padding: 4px 4px 4px 8px;
  border-radius: 6px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  & > div {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
    line-height: 1.25;
  }
  img {
    width: 32px;
    height: 32px;
    border-radius: 4px;
    object-fit: cover;
  }
  progress {
    width: 100%;
    height: 6px;
    accent-color: ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  }
`;

/** The files that wait to be sent. */
export function Attached({ attachments }: { attachments: Attachments }) {
  const { t } = useSpeech();
  if (!attachments.list.length && !attachments.problems.length) return null;
  return (
    <>
      {attachments.problems.map((one) => (
        <Wrong key={one} role="alert">
          <span>{one}</span>
          <Link href={source}>{t("chat.attach.limits")}</Link>
        </Wrong>
      ))}
      <List>
        {attachments.list.map((one) => (
          <One key={one.key} one={one} attachments={attachments} />
        ))}
      </List>
    </>
  );
}

function One({ one, attachments }: { one: Attachment; attachments: Attachments }) {
  const { t, size } = useSpeech();
  const url = useLocalURL(one.kind === "image" ? one.file : undefined);
  const { name } = one.file;
  const percent = Math.round(one.progress * 100);
  const drop = t(one.state === "loading" ? "chat.attach.cancel" : "chat.attach.remove", { name });
  return (
    <Entry>
      {url ? <img src={url} alt="" /> : <Icon svg={file} />}
      <div>
        {name} <Small>{size(one.file.size)}</Small>
        {one.state === "loading" && <progress value={percent} max={100} aria-label={t("chat.attach.uploading", { name, n: percent })} />}
        {one.state === "failed" && <Wrong role="alert">{t("chat.attach.failed", { name, reason: one.reason })}</Wrong>}
        {one.demoted && (
          <div>
            <Small>{t("chat.attach.document")}</Small>
          </div>
        )}
      </div>
      {one.state === "failed" && (
        <Round type="button" aria-label={t("chat.attach.again", { name })} onClick={() => attachments.again(one.key)}>
          <Icon svg={again} />
        </Round>
      )}
      <Round type="button" aria-label={drop} title={drop} onClick={() => attachments.remove(one.key)}>
        <Icon svg={x} />
      </Round>
    </Entry>
  );
}
