// The emoji that agents reach by a button; the others come from the system's own picker.

import type { Key } from "../i18n";

/** Emoji by group. */
export const emoji: readonly { key: Key; list: readonly string[] }[] = [
  { key: "chat.emoji.faces", list: [..."😀😃😄😁😆😅😂🙂🙃😉😊😇🥰😍😘😋😎🤩🥳🤗🤔🤨😐😬🙄😴😷🤒🥺😢😭😱😕😔😤😡🤯😳"] },
  { key: "chat.emoji.hands", list: [..."👍👎👌👏🙌🙏🤝💪👋🤞🤙👆👇👉👈🙋🤷🤦"] },
  { key: "chat.emoji.signs", list: ["❤️", "💙", "💚", "💛", "🧡", "💜", "💯", "✅", "☑️", "✔️", "❌", "❗", "❓", "⚠️", "🚫", "⏳", "⌛", "⏰", "🔔", "🔒", "🔑", "🔍", "🔗", "➡️", "⬅️", "⬆️", "⬇️", "🔴", "🟡", "🟢", "🔵", "⭐"] },
  { key: "chat.emoji.work", list: ["💻", "🖥️", "🖨️", "📱", "☎️", "📞", "📧", "📩", "📎", "📄", "📑", "📊", "📈", "📉", "📅", "🗂️", "🧾", "💰", "💳", "💸", "🏢", "🏭", "📦", "🚚", "🛒", "🔧", "🛠️", "⚙️", "💡", "📌"] },
  { key: "chat.emoji.life", list: ["🎉", "🎁", "🎂", "☕", "🍕", "🍻", "⚽", "🚗", "✈️", "🏠", "☀️", "🌧️", "🌙", "🔥", "🌱", "🌹", "🐶", "🐱", "🇧🇷", "😺"] },
];
