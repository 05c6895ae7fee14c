// Files in the chat: pictures, stickers, videos, documents; audio has a player of its own.

import generic from "@zendeskgarden/svg-icons/src/16/file-generic-stroke.svg?raw";
import pdf from "@zendeskgarden/svg-icons/src/16/file-pdf-stroke.svg?raw";
import broken from "@zendeskgarden/svg-icons/src/16/file-error-stroke.svg?raw";
import play from "@zendeskgarden/svg-icons/src/16/play-fill.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { Suspense, lazy, useRef, useState } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { type Loaded, useFile, useLocalURL, useNear } from "./files";
import { Plain, Round, Small, Wrong } from "./parts";
import { type MessageFile, Save, fileName } from "./saving";

const AudioFile = lazy(() => import("./audio"));
const Lightbox = lazy(() => import("./lightbox"));

const Frame = styled.div`
  display: grid;
  grid-template-columns: minmax(0, auto);
  gap: 4px;
  min-width: 0;
  margin: 2px 0;
`;

const Picture = styled.button<{ $sticker?: boolean }>`
  display: block;
  width: fit-content;
  max-width: 100%;
  min-width: 48px;
  min-height: 48px;
  padding: 0;
  border: 0;
  border-radius: 6px;
  overflow: hidden;
  background: ${({ theme, $sticker }) => ($sticker ? "transparent" : getColor({ theme, variable: "background.recessed" }))};
  cursor: zoom-in;
  & > img {
    display: block;
    max-width: 100%;
    max-height: ${(p) => (p.$sticker ? "120px" : "240px")};
    object-fit: contain;
  }
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: 2px;
  }
`;

const Waiting = styled.div`
  width: 180px;
  max-width: 100%;
  height: 120px;
  border-radius: 6px;
  background: ${({ theme }) => getColor({ theme, variable: "border.subtle" })};
`;

const Video = styled.video`
  display: block;
  max-width: 100%;
  max-height: 260px;
  border-radius: 6px;
  background: #000;
`;

const Card = styled.div`
  display: flex;
  align-items: center;
  gap: 8px;
  min-width: 0;
  padding: 6px 8px;
  border-radius: 6px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  & > div {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
`;

function Fetching({ file, reload }: { file: Loaded; reload: () => void }) {
  const { t } = useSpeech();
  if (!file.error) return null;
  return (
    <Wrong>
      {file.error.status === 404 || file.error.status === 410 ? t("chat.file.gone") : t("chat.file.failed", { code: file.error.code })}
      <Plain type="button" onClick={reload}>
        {t("common.retry")}
      </Plain>
    </Wrong>
  );
}

interface Props {
  session: string;
  file: MessageFile;
  /** Whose it is, for those who hear the page. */
  who: string;
  /** The file itself, while it is on its way. */
  local: Blob | undefined;
}

/** A file of a message. */
export function Media(props: Props) {
  const { t } = useSpeech();
  const { file } = props;
  if (file.refused) {
    return (
      <Card>
        <Icon svg={broken} />
        <div>
          {file.name && <div>{file.name}</div>}
          <Wrong>{t("chat.file.refused", { reason: file.refused })}</Wrong>
        </div>
      </Card>
    );
  }
  switch (file.kind) {
    case "image":
    case "sticker":
      return <Image {...props} />;
    case "video":
      return <VideoFile {...props} />;
    case "audio":
      return (
        <Suspense fallback={<Waiting style={{ height: 52 }} />}>
          <AudioFile {...props} />
        </Suspense>
      );
  }
  return <Document {...props} />;
}

function Image({ session, file, who, local }: Props) {
  const { t } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const near = useNear(box);
  const remote = useFile(session, file.id, near && !local);
  const mine = useLocalURL(local);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const sticker = file.kind === "sticker";
  const name = fileName(file, t(sticker ? "chat.type.sticker" : "chat.type.image"));
  const alt = t(sticker ? "chat.file.sticker" : "chat.file.image", { who });
  const url = mine || remote.url;
  return (
    <Frame ref={box}>
      {url ? (
        <Picture ref={button} type="button" $sticker={sticker} aria-label={`${alt}. ${t("chat.file.open", { name })}`} onClick={() => setOpen(true)}>
          <img src={url} alt="" />
        </Picture>
      ) : (
        !remote.error && <Waiting aria-label={alt} role="img" />
      )}
      <Fetching file={remote} reload={() => void remote.load()} />
      {open && (
        <Suspense fallback={null}>
          <Lightbox
            url={url}
            name={name}
            alt={alt}
            close={() => {
              setOpen(false);
              button.current?.focus();
            }}
          />
        </Suspense>
      )}
    </Frame>
  );
}

function VideoFile({ session, file, local }: Props) {
  const { t } = useSpeech();
  const remote = useFile(session, file.id, false);
  const mine = useLocalURL(local);
  const url = mine || remote.url;
  if (url) {
    return (
      <Frame>
        <Video src={url} controls preload="metadata" aria-label={fileName(file, t("chat.type.video"))} />
        <Save url={async () => url} name={fileName(file, t("chat.type.video"))} />
      </Frame>
    );
  }
  return (
    <Frame>
      <Card>
        <Round type="button" disabled={remote.busy} aria-label={t("chat.file.show")} title={t("chat.file.show")} onClick={() => void remote.load()}>
          <Icon svg={play} />
        </Round>
        <Described file={file} kind={t("chat.type.video")} />
      </Card>
      <Fetching file={remote} reload={() => void remote.load()} />
    </Frame>
  );
}

function Document({ session, file, local }: Props) {
  const { t } = useSpeech();
  const remote = useFile(session, file.id, false);
  const name = fileName(file, t("chat.type.document"));
  return (
    <Frame>
      <Card>
        <Icon svg={file.mime === "application/pdf" ? pdf : generic} />
        <Described file={file} kind={t("chat.type.document")} />
        {!local && <Save url={remote.load} name={name} busy={remote.busy} round />}
      </Card>
      <Fetching file={remote} reload={() => void remote.load()} />
    </Frame>
  );
}

function Described({ file, kind }: { file: MessageFile; kind: string }) {
  const { size } = useSpeech();
  return (
    <div>
      <div>{fileName(file, kind)}</div>
      {file.size ? <Small>{size(file.size)}</Small> : null}
    </div>
  );
}
