// How a person is called, in full and in two letters.

import type { Row } from "../api/types";

/** The first letters of the first and the last word of a name; of a phone its last two digits. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /\p{L}/u.test(word));
  if (words.length === 0) return name.replace(/\D/g, "").slice(-2) || "?";
  const letter = (word: string | undefined) => /\p{L}/u.exec(word ?? "")?.[0] ?? "";
  return (letter(words[0]) + (words.length > 1 ? letter(words[words.length - 1]) : "")).toUpperCase();
}

/** The name that a contact is shown by: the name, else the user name, else the phone, else none. */
export function nameOf(contact: Row["contact"], none: string): string {
  return contact.name || (contact.username ? `@${contact.username}` : "") || (contact.phone ? phoneOf(contact.phone) : "") || none;
}

/** A phone as people write it; numbers of other countries as they are. */
export function phoneOf(phone: string): string {
  const parts = /^\+55(\d{2})(\d{4,5})(\d{4})$/.exec(phone);
  return parts ? `+55 ${parts[1]} ${parts[2]}-${parts[3]}` : phone;
}
