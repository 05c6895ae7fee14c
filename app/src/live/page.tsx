// What every part of a page shares: the API, the stream, the surrounding, and who looks.

import { createContext, useContext, useEffect } from "react";
import type { Client } from "../api/client";
import type { Session } from "../api/types";
import type { Host } from "../zaf";
import type { Live, LiveEvent } from "./live";

export interface Page {
  client: Client;
  live: Live;
  host: Host;
  session: Session;
  /** Shows a short message, which is also read out. */
  toast(text: string, kind?: "info" | "success" | "warning" | "error"): void;
}

const Context = createContext<Page | undefined>(undefined);

export const PageProvider = Context.Provider;

/** What the page's parts share. */
export function usePage(): Page {
  const page = useContext(Context);
  if (!page) throw new Error("no page");
  return page;
}

/** Hears what changes while the component is shown. */
export function useLive(f: (event: LiveEvent) => void): void {
  const { live } = usePage();
  useEffect(() => live.listen(f), [live, f]);
}
