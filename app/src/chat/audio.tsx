// The player of voice messages and other audio.

import pause from "@zendeskgarden/svg-icons/src/16/pause-fill.svg?raw";
import play from "@zendeskgarden/svg-icons/src/16/play-fill.svg?raw";
import mic from "@zendeskgarden/svg-icons/src/12/microphone-on-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { useRef, useState } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { clockText, useFile, useLocalURL, useNear } from "./files";
import { type MessageFile, Save, fileName } from "./saving";
import { Plain, Round, Small, Wrong } from "./parts";

const Box = styled.div`
  display: grid;
  grid-template-columns: auto minmax(60px, 1fr) auto auto;
  align-items: center;
  gap: 4px 6px;
  width: 260px;
  max-width: 100%;
  margin: 2px 0;
`;

const Slider = styled.input`
  width: 100%;
  min-width: 0;
  height: 24px;
  margin: 0;
  accent-color: ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
`;

const Speed = styled(Plain)`
  min-width: 36px;
  text-align: center;
  text-decoration: none;
  font-size: 12px;
  border-radius: 12px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
`;

const speeds = [1, 1.5, 2];

/** Up to which size audio is fetched before it is played, in bytes: its length can be shown then. */
const small = 2_000_000;

/** An audio file, with its length, to be played at three speeds. */
export default function AudioFile({ session, file, local }: { session: string; file: MessageFile; local: Blob | undefined }) {
  const { t, number } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const near = useNear(box);
  const remote = useFile(session, file.id, near && !local && (file.size ?? 0) < small);
  const mine = useLocalURL(local);
  const url = mine || remote.url;
  const [state, setState] = useState({ playing: false, at: 0, length: 0, speed: 1, broken: false });
  const wants = useRef(false);
  const change = (part: Partial<typeof state>) => setState((before) => ({ ...before, ...part }));
  const measure = () => {
    const length = audio.current?.duration ?? 0;
    change({ length: Number.isFinite(length) ? length : 0 });
  };
  const start = () => void audio.current?.play().catch(() => change({ playing: false }));
  const press = () => {
    if (!audio.current) return;
    if (!url) {
      wants.current = true;
      void remote.load();
    } else if (state.playing) audio.current.pause();
    else start();
  };
  const faster = () => {
    const speed = speeds[(speeds.indexOf(state.speed) + 1) % speeds.length] ?? 1;
    if (audio.current) audio.current.playbackRate = speed;
    change({ speed });
  };
  const label = t(file.voice ? "chat.audio.voice" : "chat.audio");
  return (
    <div ref={box} role="group" aria-label={label}>
      <audio
        ref={audio}
        src={url || undefined}
        preload="metadata"
        onLoadedMetadata={() => {
          measure();
          if (audio.current) audio.current.playbackRate = state.speed;
          if (wants.current) start();
          wants.current = false;
        }}
        onDurationChange={measure}
        onTimeUpdate={() => change({ at: audio.current?.currentTime ?? 0 })}
        onPlay={() => change({ playing: true })}
        onPause={() => change({ playing: false })}
        onEnded={() => change({ playing: false, at: 0 })}
        onError={() => url && change({ broken: true, playing: false })}
      />
      <Box>
        <Round type="button" disabled={remote.busy && wants.current} aria-label={t(state.playing ? "chat.audio.pause" : "chat.audio.play")} onClick={press}>
          <Icon svg={state.playing ? pause : play} />
        </Round>
        <Slider
          type="range"
          min={0}
          max={Math.max(state.length, state.at, 0.1)}
          step={0.1}
          value={state.at}
          disabled={!url}
          aria-label={t("chat.audio.seek")}
          aria-valuetext={t("chat.audio.at", { at: clockText(state.at), length: clockText(state.length) })}
          onChange={(event) => {
            const at = Number(event.target.value);
            if (audio.current) audio.current.currentTime = at;
            change({ at });
          }}
        />
        <Speed type="button" aria-label={t("chat.audio.speed", { n: state.speed })} onClick={faster}>
          {number(state.speed)}×
        </Speed>
        <Save url={url ? async () => url : remote.load} name={fileName(file, label)} round />
        <Small style={{ gridColumn: "1 / -1", display: "flex", gap: 4, alignItems: "center" }}>
          {file.voice && <Icon svg={mic} size={12} />}
          {label} · {state.at > 0 ? `${clockText(state.at)} / ` : ""}
          {state.length > 0 ? clockText(state.length) : "–:––"}
        </Small>
      </Box>
      {state.broken && <Wrong>{t("chat.audio.broken")}</Wrong>}
      {remote.error && (
        <Wrong>
          {remote.error.status === 410 || remote.error.status === 404 ? t("chat.file.gone") : t("chat.file.failed", { code: remote.error.code })}
          <Plain type="button" onClick={() => void remote.load()}>
            {t("common.retry")}
          </Plain>
        </Wrong>
      )}
    </div>
  );
}
