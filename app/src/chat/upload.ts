// A file on its way to the server, with how far it came: fetch does not tell.

import { ApiError, type Client } from "../api/client";
import type { Problem, Upload } from "../api/types";

/** Sends a file up; progress is told from 0 to 1. It fails with an ApiError, also when it is aborted. */
export function sendUp(client: Pick<Client, "token">, session: string, file: File, voice: boolean, progress: (part: number) => void, signal: AbortSignal): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name.slice(-240), ...(voice ? { voice: "1" } : {}) });
    request.open("POST", `/api/v1/conversations/${encodeURIComponent(session)}/uploads?${query}`);
    request.setRequestHeader("Authorization", `Bearer ${client.token}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      const said = read(request.responseText);
      if (request.status === 200 && said) resolve(said as Upload);
      else reject(new ApiError(request.status, (said as Partial<Problem> | undefined)?.code ?? `http_${request.status}`, (said as Partial<Problem> | undefined)?.text ?? ""));
    };
    request.onerror = () => reject(new ApiError(0, "unreachable", ""));
    request.onabort = () => reject(new ApiError(0, "aborted", ""));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
