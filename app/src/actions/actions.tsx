// A conversation's actions: what there is to do, what is allowed now, and the dialogs.

import { Suspense, lazy, useCallback, useEffect, useMemo, useState } from "react";
import type { Conversation } from "../api/types";
import { type Key, useSpeech } from "../i18n";
import { usePage } from "../live/page";
import type { Action, Actions } from "./action";
import { useIntent } from "./command";
import { type Later, Pending } from "./pending";

const Dialogs = lazy(() => import("./dialogs"));

interface Kind {
  name: string;
  group: Action["group"];
  keys?: string;
  danger?: boolean;
  dialog?: boolean;
  supervisor?: boolean;
  /** Whether it makes sense for the conversation at all. */
  when?: (c: Conversation) => boolean;
}

/** All actions, in the order in which menus show them. */
const kinds: Kind[] = [
  { name: "take", group: "attend", keys: "A", when: (c) => !c.owner || c.state === "queued" },
  { name: "transfer", group: "hand", keys: "T", dialog: true },
  { name: "n2", group: "hand", keys: "2", dialog: true },
  { name: "close", group: "end", keys: "E", dialog: true },
  { name: "stop", group: "end", dialog: true, when: (c) => c.state !== "stopped" },
  { name: "restart", group: "end", when: (c) => c.state === "stopped" },
  { name: "cancel", group: "end", danger: true, dialog: true },
  { name: "snooze", group: "mark", keys: "S", dialog: true, when: (c) => !c.snoozed_until },
  { name: "wake", group: "mark", when: (c) => Boolean(c.snoozed_until) },
  { name: "attention", group: "mark", keys: "M", when: (c) => !c.attention },
  { name: "resolve", group: "mark", keys: "M", when: (c) => Boolean(c.attention) },
  { name: "tag", group: "mark", keys: "G", dialog: true },
  { name: "identify", group: "customer", dialog: true },
  { name: "override", group: "customer", dialog: true, when: (c) => c.organization?.pending === "yes" || Boolean(c.flags?.includes("pending")) },
  { name: "position", group: "customer", keys: "P", dialog: true },
  { name: "mute", group: "customer", dialog: true, when: (c) => !c.muted },
  { name: "unmute", group: "customer", when: (c) => Boolean(c.muted) },
  { name: "link", group: "file", keys: "L", dialog: true },
  { name: "transcript", group: "file", dialog: true },
  { name: "overrule", group: "file", dialog: true, supervisor: true, when: (c) => Boolean(c.verdict) },
];

/** Actions that are not commands: the server has no say in them. */
const own = new Set(["transcript"]);

/** The actions of a conversation; none without one. */
export function useActions(conversation: Conversation | undefined): Actions {
  const { session, toast } = usePage();
  const { t } = useSpeech();
  const key = conversation?.session ?? "";
  const intent = useIntent(key);
  const [open, setOpen] = useState("");
  const [later, setLater] = useState<Later>();
  useEffect(() => setOpen(""), [key]);
  const above = session.agent.role !== "agent";

  const { run, fault } = intent;
  useEffect(() => {
    if (fault) toast(fault, "error");
  }, [fault, toast]);
  const act = useCallback(
    async (name: string) => {
      if (await run(name)) toast(t(`actions.${name}.done` as Key), "success");
    },
    [run, toast, t],
  );

  const list = useMemo<Action[]>(() => {
    if (!conversation) return [];
    const allowed = conversation.allowed && new Set(conversation.allowed);
    return kinds
      .filter((kind) => (!kind.supervisor || above) && (kind.when?.(conversation) ?? true))
      .map((kind) => ({
        name: kind.name,
        group: kind.group,
        label: t(`actions.${kind.name}` as Key),
        ...(kind.keys ? { keys: kind.keys } : {}),
        ...(kind.danger ? { danger: true } : {}),
        allowed: own.has(kind.name) || (allowed?.has(kind.name) ?? true),
        run: () => (kind.dialog ? setOpen(kind.name) : void act(kind.name)),
      }));
  }, [conversation, above, t, act]);

  const dialog = conversation && (
    <>
      {open && (
        <Suspense fallback={null}>
          <Dialogs name={open} conversation={conversation} close={() => setOpen("")} later={setLater} />
        </Suspense>
      )}
      {later && <Pending key={later.id} later={later} gone={() => setLater(undefined)} />}
    </>
  );
  return { list, dialog };
}
