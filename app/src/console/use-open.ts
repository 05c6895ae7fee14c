// Tells the server that an agent opens what is theirs: the customer is greeted then, once.

import { useEffect, useRef } from "react";

import { ApiError, newID, pathOf } from "../api/client";
import type { Conversation } from "../api/types";
import { usePage } from "../live/page";
import { goesOn } from "../live/rows";

/** Whether to look at a conversation is to open it: only its owner greets. */
export function greets(c: Conversation | undefined, me: number): c is Conversation {
  return c !== undefined && c.owner === me && goesOn(c) && (c.allowed?.includes("open") ?? true);
}

/** Opens the conversations that are the agent's own, each once as long as the page lives. */
export function useOpen(c: Conversation | undefined): void {
  const { client, session } = usePage();
  const me = session.agent.id;
  const intents = useRef(new Map<string, { id: string; done: boolean }>());
  const key = greets(c, me) ? c.session : "";
  useEffect(() => {
    if (!key) return;
    const intent = intents.current.get(key) ?? { id: newID(), done: false };
    intents.current.set(key, intent);
    if (intent.done) return;
    intent.done = true;
    client.command(`${pathOf(key)}/open`, intent.id, {}, pathOf(key)).catch((error: unknown) => {
      intent.done = !(error instanceof ApiError && error.passing); // it is tried again with the same id when it is opened again
    });
  }, [client, key]);
}
