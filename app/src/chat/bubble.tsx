// One message of the log.

import bot from "@zendeskgarden/svg-icons/src/12/bot-sparkle-stroke.svg?raw";
import clock from "@zendeskgarden/svg-icons/src/12/clock-stroke.svg?raw";
import dots from "@zendeskgarden/svg-icons/src/16/overflow-vertical-stroke.svg?raw";
import lock from "@zendeskgarden/svg-icons/src/12/lock-locked-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { memo } from "react";
import { styled } from "styled-components";
import type { Message } from "../api/types";
import { useSpeech } from "../i18n";
import { Unseen } from "../theme";
import { Icon } from "../ui/icon";
import { Changes, type LogDeeds, Mark, OutState, Quoted } from "./about";
import { Body } from "./body";
import { Media } from "./media";
import type { Outgoing } from "./outbox";
import { type Tone, Plain, Round, Wrong, paint } from "./parts";
import { type People, originOf, toneOf, whoOf } from "./people";
import { Going, Ticks } from "./ticks";

const Box = styled.div<{ $tone: Tone; $failed: boolean }>`
  position: relative;
  display: grid;
  grid-template-columns: minmax(0, auto);
  gap: 2px;
  min-width: 0;
  max-width: min(88%, 560px);
  padding: 6px 10px;
  border-radius: 10px;
  color: ${({ theme }) => getColor({ theme, variable: "foreground.default" })};
  ${({ theme, $tone }) => {
    switch ($tone) {
      case "customer":
        return `background: ${getColor({ theme, variable: "background.default", dark: { variable: "background.subtle" } })}; border: 1px solid ${getColor({ theme, variable: "border.default" })}; border-start-start-radius: 2px;`;
      case "office":
        return `background: ${paint.office(theme)}; border: 1px solid ${paint.officeBorder(theme)}; border-start-end-radius: 2px;`;
      case "other":
        return `background: ${getColor({ theme, hue: "blue", light: { shade: 100 }, dark: { shade: 1000 } })}; border: 1px solid ${getColor({ theme, hue: "blue", light: { shade: 300 }, dark: { shade: 900 } })}; border-start-end-radius: 2px;`;
      case "note":
        return `background: ${paint.note(theme)}; border: 1px dashed ${paint.noteBorder(theme)}; border-inline-start: 4px solid ${paint.noteBorder(theme)};`;
    }
  }}
  ${({ theme, $failed }) => $failed && `border-color: ${getColor({ theme, variable: "border.dangerEmphasis" })}; border-style: solid;`}
`;

const Head = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0 6px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  & > strong {
    font-weight: ${(p) => p.theme.fontWeights.semibold};
  }
`;

const Foot = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: flex-end;
  gap: 0 8px;
  font-size: 11px;
  line-height: 16px;
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle", dark: { variable: "foreground.default" } })};
`;

const Reactions = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
  & > span {
    padding: 0 6px;
    border-radius: 10px;
    border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
    background: ${({ theme }) => getColor({ theme, variable: "background.default" })};
  }
`;

const Kept = styled(Mark)`
  color: ${({ theme }) => getColor({ theme, variable: "foreground.warningEmphasis" })};
`;

const Withdrawn = styled.div<{ $on: boolean }>`
  display: grid;
  grid-template-columns: minmax(0, auto);
  gap: 2px;
  min-width: 0;
  ${(p) => p.$on && "opacity: 0.8; font-style: italic;"}
`;

interface Props {
  session: string;
  message: Message;
  /** Set while the message is not known to the server's list. */
  out: Outgoing | undefined;
  head: boolean;
  people: People;
  deeds: LogDeeds;
}

/** One message. */
export const Bubble = memo(function Bubble({ session, message, out, head, people, deeds }: Props) {
  const speech = useSpeech();
  const { t, time } = speech;
  const tone = toneOf(message);
  const who = whoOf(message, people, t);
  const failed = message.delivery === "failed" || out?.state === "failed" || out?.state === "refused";
  return (
    <>
      <Box $tone={tone} $failed={failed} data-tone={tone}>
        <Top message={message} who={who} head={head} tone={tone} />
        {message.quote && <Quoted quote={message.quote} people={people} jump={deeds.jump} />}
        <Withdrawn $on={message.revoked !== undefined}>
          {message.files?.map((file) => <Media key={file.id} session={session} file={file} who={who} local={out?.file?.file} />)}
          <Body message={message} />
        </Withdrawn>
        <Changes message={message} />
        {message.reactions && message.reactions.length > 0 && (
          <Reactions>
            {message.reactions.map((one, i) => (
              <span key={i} role="img" aria-label={t("chat.reaction", { who: whoOf(one, people, t), emoji: one.emoji })} title={t("chat.reaction", { who: whoOf(one, people, t), emoji: one.emoji })}>
                {one.emoji}
              </span>
            ))}
          </Reactions>
        )}
        <Foot>
          <time dateTime={message.at} title={speech.moment(message.at)}>
            {time(message.at)}
          </time>
          {out?.state === "waiting" ? <Going text={t(message.kind === "note" ? "chat.out.saving" : "chat.out.waiting")} /> : message.delivery && <Ticks state={message.delivery} at={message.delivered_at} />}
        </Foot>
        {message.delivery === "kept" && (
          <Kept>
            <Icon svg={clock} size={12} />
            {t("chat.delivery.kept")}
          </Kept>
        )}
        {out && <OutState out={out} deeds={deeds} />}
        {!out && message.delivery === "failed" && (
          <Wrong>
            {t("chat.delivery.failed.why", { reason: message.reason || t("chat.out.unknown", { code: "WhatsApp" }) })}
            {message.text && (
              <Plain type="button" onClick={() => deeds.reuse(message)}>
                {t("chat.out.again")}
              </Plain>
            )}
          </Wrong>
        )}
      </Box>
      {!out && (
        <Round type="button" tabIndex={-1} data-menu aria-haspopup="menu" aria-label={t("chat.menu")} onClick={(event) => deeds.menu(message, event.currentTarget)}>
          <Icon svg={dots} />
        </Round>
      )}
    </>
  );
});

function Top({ message, who, head, tone }: { message: Message; who: string; head: boolean; tone: Tone }) {
  const { t } = useSpeech();
  const origin = originOf(message, t);
  if (tone === "note") {
    return (
      <Head>
        <Icon svg={lock} size={12} />
        <strong>{t("chat.note")}</strong>
        <span>{who}</span>
        <Mark as="span">· {t("chat.note.hidden")}</Mark>
      </Head>
    );
  }
  if (!head) return <Unseen>{who}: </Unseen>;
  return (
    <Head>
      {message.author === "ponte" && <Icon svg={bot} size={12} />}
      <strong>{who}</strong>
      {origin && <Mark as="span">{origin}</Mark>}
    </Head>
  );
}
