// An agent's first look at a conversation of their own, at which the customer is greeted. The server greets once, and only where a
// greeting is set.

import { pathOf } from "../api/client";
import { useEffect, useRef } from "react";
import type { Conversation, Message } from "../api/types";
import { usePage } from "../live/page";

/** Whether a look would greet: the conversation is the agent's, and no agent has said anything yet. */
export function greets(session: string, conversation: Conversation | undefined, messages: readonly Message[] | undefined, me: number): boolean {
  return (
    conversation?.session === session &&
    conversation.owner === me &&
    conversation.state === "active" &&
    (conversation.allowed?.includes("open") ?? false) &&
    messages !== undefined &&
    !messages.some((one) => one.author === "agent" && one.kind === "message")
  );
}

/** Tells the server of the look, once. The command's id is the conversation's: a second look is no other command. */
export function useGreeting(session: string, looking: boolean, due: boolean): void {
  const { client } = usePage();
  const told = useRef(false);
  useEffect(() => {
    if (!looking || !due || told.current) return;
    told.current = true;
    const where = pathOf(session);
    client.command(`${where}/open`, `open-${session}`.slice(0, 64), {}, where).catch(() => {}); // refused: there was nothing to greet for
  }, [client, session, looking, due]);
}
