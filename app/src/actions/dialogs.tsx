// The dialogs of a conversation's actions.

import { CloseDialog } from "./close";
import { IdentifyDialog, PositionDialog } from "./customer";
import type { DialogProps } from "./dialog";
import { LinkDialog } from "./link";
import { N2Dialog } from "./n2";
import { OverruleDialog } from "./overrule";
import { ReasonDialog } from "./reason";
import { SnoozeDialog } from "./snooze";
import { TagDialog } from "./tag";
import { TranscriptDialog } from "./transcript";
import { TransferDialog } from "./transfer";

/** The dialog of an action. */
export default function Dialogs({ name, ...props }: DialogProps & { name: string }) {
  switch (name) {
    case "transfer":
      return <TransferDialog {...props} />;
    case "n2":
      return <N2Dialog {...props} />;
    case "close":
      return <CloseDialog {...props} />;
    case "stop":
    case "cancel":
    case "override":
    case "mute":
      return <ReasonDialog name={name} {...props} />;
    case "snooze":
      return <SnoozeDialog {...props} />;
    case "tag":
      return <TagDialog {...props} />;
    case "identify":
      return <IdentifyDialog {...props} />;
    case "position":
      return <PositionDialog {...props} />;
    case "link":
      return <LinkDialog {...props} />;
    case "transcript":
      return <TranscriptDialog {...props} />;
    case "overrule":
      return <OverruleDialog {...props} />;
  }
  return null;
}
