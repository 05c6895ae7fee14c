// A conversation in the list.

import alarm from "@zendeskgarden/svg-icons/src/16/flag-fill.svg?raw";
import money from "@zendeskgarden/svg-icons/src/16/banknote-stroke.svg?raw";
import muted from "@zendeskgarden/svg-icons/src/16/volume-muted-stroke.svg?raw";
import moon from "@zendeskgarden/svg-icons/src/16/moon-stroke.svg?raw";
import pencil from "@zendeskgarden/svg-icons/src/16/pencil-fill.svg?raw";
import lock from "@zendeskgarden/svg-icons/src/16/clock-in-stroke.svg?raw";
import { memo } from "react";
import type { ListRow } from "../api/types";
import { leftText, windowAt } from "../chat/window";
import { type Key, type Speech, useSpeech } from "../i18n";
import { type Entry, goesOn, unread } from "../live/rows";
import { Unseen } from "../theme";
import { Icon } from "../ui/icon";
import { initials, nameOf } from "./initials";
import { Avatar, Badge, Chip, Dot, Line, Name, Option, Subtle, Text } from "./row-parts";
import { ThermometerAt, shortLength } from "./thermometer";

/** How high a row is, in pixels. */
export const rowHeight = 92;

/** When something last happened in a conversation. */
function lastAt(row: ListRow): number {
  const times = [row.last?.at, row.last_inbound, row.ended].map((at) => (at ? Date.parse(at) : 0));
  return Math.max(...times) || Date.parse(row.started);
}

/** The newest words, with a mark of who wrote them. */
export function lastText(row: Entry, t: Speech["t"]): string {
  const at = row.last ? Date.parse(row.last.at) : 0;
  if (row.behind && row.last_inbound && Date.parse(row.last_inbound) > at) return t("console.row.new");
  if (!row.last) return t("console.row.nothing");
  const { author, text, type } = row.last;
  const kind = `console.type.${type}` as Key;
  const words = text || (type && known.has(type) ? t(kind) : t("console.type.other"));
  return author === "agent" ? t("console.row.agent", { text: words }) : author === "ponte" ? t("console.row.ponte", { text: words }) : words;
}

const known = new Set(["image", "audio", "video", "document", "sticker", "location", "contacts", "template", "interactive", "button", "order", "reaction", "unsupported"]);

/** Whose a conversation is: its owner's, or its queue's. */
export function whose(row: ListRow, me: number, t: Speech["t"]): string {
  if (!row.owner) return row.queue ?? "";
  return row.owner === me ? t("console.row.mine") : row.owner_name || `#${row.owner}`;
}

interface Props {
  id: string;
  entry: Entry;
  at: number;
  me: number;
  selected: boolean;
  active: boolean;
  left: boolean;
  place: number;
  of: number;
  top: number;
  open: (session: string) => void;
}

/** A conversation in the list. */
export const RowView = memo(function RowView({ id, entry, at, me, selected, active, left, place, of, top, open }: Props) {
  const { t, moment } = useSpeech();
  const name = nameOf(entry.contact, t("contact.unnamed"));
  const fresh = !selected && unread(entry);
  const window = windowAt(entry.window, at);
  const pending = entry.organization?.pending === "yes" || Boolean(entry.flags?.includes("pending"));
  const ended = !goesOn(entry);
  const tags = entry.tags ?? [];
  return (
    <Option
      id={id}
      role="option"
      aria-selected={selected}
      aria-setsize={of}
      aria-posinset={place}
      $selected={selected}
      $active={active}
      $attention={Boolean(entry.attention)}
      $left={left}
      style={{ transform: `translateY(${top}px)`, height: rowHeight }}
      onClick={() => open(entry.session)}
    >
      <Avatar aria-hidden="true">{initials(name)}</Avatar>
      <div>
        <Line>
          <Name $unread={fresh}>{name}</Name>
          {fresh && (
            <Dot>
              <Unseen>{t("console.row.unread")}</Unseen>
            </Dot>
          )}
          <Subtle title={moment(lastAt(entry))}>{shortLength(at - lastAt(entry), t)}</Subtle>
        </Line>
        <Line>
          <Text $subtle>{entry.organization?.name ?? t("console.row.nocompany")}</Text>
          <Subtle>{ended ? t(`state.${entry.state}`) : whose(entry, me, t)}</Subtle>
        </Line>
        <Line>
          <Text $subtle={!fresh}>{left ? t("console.row.left") : lastText(entry, t)}</Text>
          {entry.draft && (
            <Badge title={t("console.row.draft")}>
              <Icon svg={pencil} size={12} />
              <Unseen>{t("console.row.draft")}</Unseen>
            </Badge>
          )}
        </Line>
        <Line>
          {!ended && <ThermometerAt since={entry.unanswered_since} at={at} />}
          {!ended && window.level === "near" && (
            <Badge $kind="warning" title={t("console.row.window")}>
              <Icon svg={lock} size={12} />
              <Unseen>{t("console.row.window")} </Unseen>
              {leftText(window.left, t)}
            </Badge>
          )}
          {entry.snoozed_until && (
            <Badge title={t("console.row.snoozed")}>
              <Icon svg={moon} size={12} />
              <Unseen>{t("console.row.snoozed")} </Unseen>
              {moment(entry.snoozed_until)}
            </Badge>
          )}
          {entry.attention && (
            <Badge $kind="danger">
              <Icon svg={alarm} size={12} />
              {t("console.row.attention")}
            </Badge>
          )}
          {pending && (
            <Badge $kind="danger" title={t("console.row.pending")}>
              <Icon svg={money} size={12} />
              {t("console.row.pending.short")}
            </Badge>
          )}
          {entry.muted && (
            <Badge title={t("console.row.muted")}>
              <Icon svg={muted} size={12} />
              <Unseen>{t("console.row.muted")}</Unseen>
            </Badge>
          )}
          {tags.slice(0, 2).map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
          {tags.length > 2 && <Subtle>+{tags.length - 2}</Subtle>}
        </Line>
      </div>
    </Option>
  );
});
