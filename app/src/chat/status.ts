// Whether one may write in a conversation, and why not.

import type { Conversation } from "../api/types";
import type { Key } from "../i18n";

/** What may be written, and the reason that the customer can't be written to. */
export interface Writable {
  reply: boolean;
  note: boolean;
  template: boolean;
  why: Key | undefined;
}

/** What may be written in a session of a conversation: only its newest session takes anything. */
export function writable(session: string, conversation: Conversation): Writable {
  if (conversation.session !== session) return { reply: false, note: false, template: false, why: "chat.ended.older" };
  const allowed = (name: string) => conversation.allowed?.includes(name) ?? true;
  switch (conversation.state) {
    case "closed":
    case "expired":
    case "cancelled":
    case "stopped":
      return { reply: false, template: false, note: allowed("note"), why: `chat.ended.${conversation.state}` };
  }
  if (!allowed("reply")) return { reply: false, note: allowed("note"), template: false, why: "chat.ended.forbidden" };
  return { reply: true, note: allowed("note"), template: allowed("template"), why: undefined };
}
