// Has the browser keep a file.

/** Saves what an address leads to under a name. */
export function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Saves bytes under a name. */
export function saveBytes(bytes: Blob, name: string): void {
  const url = URL.createObjectURL(bytes);
  save(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser may begin later
}
