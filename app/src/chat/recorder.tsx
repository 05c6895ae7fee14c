// Recording a voice message. Where the browser or the frame around the page forbids it, it says what to do instead.

import stop from "@zendeskgarden/svg-icons/src/16/check-lg-stroke.svg?raw";
import record from "@zendeskgarden/svg-icons/src/16/record-fill.svg?raw";
import x from "@zendeskgarden/svg-icons/src/16/x-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { useEffect, useRef, useState } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { clockText } from "./files";
import { oggOf } from "./ogg";
import { Line, Plain, Round, Wrong } from "./parts";

const Red = styled.span`
  display: inline-flex;
  color: ${({ theme }) => getColor({ theme, variable: "foreground.danger" })};
`;

/** Formats that WhatsApp takes, or that are turned into one; the first that the browser records is used. */
const formats = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2"];

/** How long a recording may get, in seconds. */
const longest = 15 * 60;

type Trouble = "chat.record.denied" | "chat.record.none" | "chat.record.unsupported";

/** What a recording is kept as. */
async function fileOf(parts: Blob[], type: string, name: string): Promise<File> {
  if (type.startsWith("audio/webm")) return new File([oggOf(new Uint8Array(await new Blob(parts).arrayBuffer()))], `${name}.ogg`, { type: "audio/ogg; codecs=opus" });
  const ogg = type.startsWith("audio/ogg");
  return new File(parts, `${name}.${ogg ? "ogg" : "m4a"}`, { type: ogg ? "audio/ogg; codecs=opus" : "audio/mp4" });
}

/** Records at once, until it is stopped or given up. */
export default function Recorder({ take, close }: { take: (file: File) => void; close: () => void }) {
  const { t } = useSpeech();
  const [trouble, setTrouble] = useState<Trouble>();
  const [seconds, setSeconds] = useState(0);
  const [going, setGoing] = useState(false);
  const recorder = useRef<MediaRecorder>();
  const kept = useRef(false);
  const latest = useRef({ take, close, name: "" });
  latest.current = { take, close, name: t("chat.record.name") };
  useEffect(() => {
    let over = false;
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setInterval> | undefined;
    const start = async () => {
      const type = typeof MediaRecorder === "undefined" ? undefined : formats.find((one) => MediaRecorder.isTypeSupported(one));
      if (!navigator.mediaDevices?.getUserMedia) return setTrouble("chat.record.none");
      if (!type) return setTrouble("chat.record.unsupported");
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
      } catch (error) {
        return setTrouble((error as Error).name === "NotFoundError" ? "chat.record.none" : "chat.record.denied");
      }
      if (over) return stream.getTracks().forEach((track) => track.stop());
      const parts: Blob[] = [];
      const made = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
      recorder.current = made;
      made.ondataavailable = (event) => void (event.data.size && parts.push(event.data));
      made.onstop = () => {
        stream?.getTracks().forEach((track) => track.stop());
        clearInterval(timer);
        if (!kept.current) return;
        fileOf(parts, type, latest.current.name).then(
          (file) => {
            latest.current.take(file);
            latest.current.close();
          },
          () => setTrouble("chat.record.unsupported"),
        );
      };
      made.start(1000);
      setGoing(true);
      const begun = Date.now();
      timer = setInterval(() => {
        const passed = (Date.now() - begun) / 1000;
        setSeconds(passed);
        if (passed >= longest) finish();
      }, 250);
    };
    void start();
    return () => {
      over = true;
      clearInterval(timer);
      if (recorder.current?.state === "recording") recorder.current.stop();
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  const finish = () => {
    kept.current = true;
    if (recorder.current?.state === "recording") recorder.current.stop();
  };
  if (trouble) {
    return (
      <Wrong role="alert">
        {t(trouble)}
        <Plain type="button" onClick={close}>
          {t("common.close")}
        </Plain>
      </Wrong>
    );
  }
  return (
    <Line role="group" aria-label={t("chat.record")}>
      <Red>
        <Icon svg={record} />
      </Red>
      <span aria-live="off" style={{ flex: 1 }}>
        {going ? t("chat.record.going", { time: clockText(seconds) }) : t("common.loading")}
      </span>
      <Round type="button" aria-label={t("chat.record.cancel")} title={t("chat.record.cancel")} onClick={close}>
        <Icon svg={x} />
      </Round>
      <Round type="button" $on disabled={!going} aria-label={t("chat.record.stop")} title={t("chat.record.stop")} onClick={finish}>
        <Icon svg={stop} />
      </Round>
    </Line>
  );
}
