// What a company's financial pending is.

import type { Conversation } from "../api/types";

/** A company's financial pending: what was not asked is never taken for a no. */
export type Pending = "no" | "yes" | "overridden" | "empty" | "unverified";

/** What is known of the financial pending of a conversation's company. */
export function pendingOf({ organization, flags }: Pick<Conversation, "organization" | "flags">): Pending {
  if (flags?.includes("overridden")) return "overridden";
  if (!organization || organization.pending === undefined || flags?.includes("unverified")) return "unverified";
  return organization.pending;
}
