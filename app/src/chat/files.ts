// The files of messages, fetched with the session's token.

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { ApiError, pathOf } from "../api/client";
import { usePage } from "../live/page";

/** Where a file is read. */
export function filePath(session: string, file: string): string {
  return `${pathOf(session)}/files/${encodeURIComponent(file)}`;
}

/** A file's address within this page, once it was fetched. */
export interface Loaded {
  url: string;
  blob: Blob | undefined;
  error: ApiError | undefined;
  busy: boolean;
  load: () => Promise<string>;
}

/** Fetches a file when it is wanted, or when load is called. What was fetched is let go with the component. */
export function useFile(session: string, file: string, wanted: boolean): Loaded {
  const { client } = usePage();
  const [state, setState] = useState<{ url: string; blob: Blob | undefined; error: ApiError | undefined; busy: boolean }>({ url: "", blob: undefined, error: undefined, busy: false });
  const work = useRef<{ promise: Promise<string>; abort: AbortController }>();
  const url = useRef("");
  const load = useCallback(() => {
    if (work.current) return work.current.promise;
    const abort = new AbortController();
    setState((before) => ({ ...before, error: undefined, busy: true }));
    const promise = client.read(filePath(session, file), abort.signal).then(
      (blob) => {
        if (abort.signal.aborted) return "";
        url.current = URL.createObjectURL(blob);
        setState({ url: url.current, blob, error: undefined, busy: false });
        return url.current;
      },
      (error: unknown) => {
        work.current = undefined;
        if (!abort.signal.aborted) setState({ url: "", blob: undefined, error: error instanceof ApiError ? error : new ApiError(0, "failed", ""), busy: false });
        return "";
      },
    );
    work.current = { promise, abort };
    return promise;
  }, [client, session, file]);
  useEffect(() => {
    if (wanted) void load();
  }, [wanted, load]);
  useEffect(
    () => () => {
      work.current?.abort.abort();
      work.current = undefined;
      if (url.current) URL.revokeObjectURL(url.current);
      url.current = "";
      setState((before) => (before.url ? { url: "", blob: undefined, error: undefined, busy: false } : before));
    },
    [load],
  );
  return { ...state, load };
}

/** How far outside of the view things are got ready, in pixels. */
const ahead = "600px";

/** Whether an element has come near the view. */
export function useNear(ref: RefObject<Element>): boolean {
  const [near, setNear] = useState(typeof IntersectionObserver === "undefined");
  useEffect(() => {
    if (near || !ref.current) return;
    const observer = new IntersectionObserver((list) => list.some((one) => one.isIntersecting) && setNear(true), { rootMargin: ahead });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [near, ref]);
  return near;
}

/** An address for something of this page's own. */
export function useLocalURL(blob: Blob | undefined): string {
  const [url, setURL] = useState("");
  useEffect(() => {
    if (!blob) return setURL("");
    const made = URL.createObjectURL(blob);
    setURL(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

/** Seconds as a player shows them. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
