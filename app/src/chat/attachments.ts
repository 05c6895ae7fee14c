// The files that are to go with the next message.

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, newID } from "../api/client";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { check, mostBytes } from "./limits";
import type { OutFile } from "./outbox";
import { sendUp } from "./upload";

/** How many files may wait at once. */
const most = 10;

/** A file and how far it is. */
export interface Attachment {
  key: string;
  file: File;
  kind: string;
  voice: boolean;
  /** It goes as a document since it is too large for its kind. */
  demoted: boolean;
  state: "loading" | "ready" | "failed";
  /** From 0 to 1. */
  progress: number;
  upload: string;
  reason: string;
}

export interface Attachments {
  list: Attachment[];
  /** Why files were not taken. */
  problems: string[];
  add(files: Iterable<File>, voice?: boolean): void;
  remove(key: string): void;
  again(key: string): void;
  /** Hands the files out that are ready, and forgets all. */
  take(): OutFile[];
}

/** The files to be sent with a conversation's next message; they go up at once. */
export function useAttachments(session: string): Attachments {
  const { client } = usePage();
  const { t, size } = useSpeech();
  const [list, setList] = useState<Attachment[]>([]);
  const [problems, setProblems] = useState<string[]>([]);
  const aborts = useRef(new Map<string, AbortController>());
  const current = useRef(list);
  current.current = list;
  useEffect(() => {
    const all = aborts.current;
    return () => all.forEach((one) => one.abort());
  }, []);
  const change = useCallback((key: string, part: Partial<Attachment>) => setList((before) => before.map((one) => (one.key === key ? { ...one, ...part } : one))), []);
  const start = useCallback(
    (one: Attachment) => {
      const abort = new AbortController();
      aborts.current.set(one.key, abort);
      sendUp(client, session, one.file, one.voice, (progress) => change(one.key, { progress }), abort.signal).then(
        (upload) => change(one.key, { state: "ready", progress: 1, upload: upload.id, kind: upload.kind }),
        (error: unknown) => {
          if (abort.signal.aborted) return;
          const known = error instanceof ApiError ? error : undefined;
          change(one.key, { state: "failed", reason: known?.message || t(known?.status === 0 ? "chat.out.unreachable" : "chat.out.unknown", { code: known?.code ?? "?" }) });
        },
      );
    },
    [client, session, change, t],
  );
  const add = useCallback(
    (files: Iterable<File>, voice = false) => {
      const wrong: string[] = [];
      const taken: Attachment[] = [];
      for (const file of files) {
        const { kind, demoted, problem } = check(file);
        if (problem) wrong.push(t(`chat.attach.${problem}`, { name: file.name, size: size(file.size), most: size(mostBytes) }));
        else if (current.current.length + taken.length >= most) wrong.push(t("chat.attach.many", { n: most }));
        else taken.push({ key: newID(), file, kind, voice, demoted, state: "loading", progress: 0, upload: "", reason: "" });
      }
      setProblems([...new Set(wrong)]);
      setList((before) => [...before, ...taken]);
      taken.forEach(start);
    },
    [start, size, t],
  );
  const remove = useCallback((key: string) => {
    aborts.current.get(key)?.abort();
    aborts.current.delete(key);
    setProblems([]);
    setList((before) => before.filter((one) => one.key !== key));
  }, []);
  const again = useCallback(
    (key: string) => {
      const one = current.current.find((other) => other.key === key && other.state === "failed");
      if (!one) return;
      change(key, { state: "loading", progress: 0, reason: "" });
      start(one);
    },
    [change, start],
  );
  const take = useCallback(() => {
    const ready = current.current.filter((one) => one.state === "ready");
    setList([]);
    setProblems([]);
    return ready.map(({ file, kind, upload, voice }) => ({ file, kind, upload, voice }));
  }, []);
  return { list, problems, add, remove, again, take };
}
