// Phones as agents give them.

/** What is wrong with a phone as people type it; "" when nothing is. Brazilian ones may lack the country code. */
export function phoneFault(typed: string): "" | "console.start.phone.missing" | "console.start.phone.wrong" {
  const text = typed.trim();
  const digits = text.replace(/\D/g, "");
  if (!digits) return "console.start.phone.missing";
  if (/[^\d\s().+-]/.test(text) || text.lastIndexOf("+") > 0) return "console.start.phone.wrong";
  if (text.startsWith("+")) return digits.length >= 8 && digits.length <= 15 ? "" : "console.start.phone.wrong";
  const national = digits.length > 11 && digits.startsWith("55") ? digits.slice(2) : digits;
  return /^[1-9][1-9]\d{8,9}$/.test(national) ? "" : "console.start.phone.wrong";
}
