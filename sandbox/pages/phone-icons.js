// Drawings that only the phone has, beside those of all pages.

import { icon } from "./dom.js";

const svgSpace = "http://www.w3.org/2000/svg";

/** Drawings on a grid of 24, as strokes. */
const drawings = {
  call: "M6.5 4.5l3 .5 1 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1 .5 3a2 2 0 0 1-2 2A15 15 0 0 1 4.5 6.5a2 2 0 0 1 2-2z",
  pencil: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  forward: "M14 6l6 6-6 6M20 12h-9a7 7 0 0 0-7 7",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  download: "M12 4v11M7 10.5l5 5 5-5M5 19.5h14",
  cart: "M4 5h2.5l2 10h9l2-7H7M9.5 19.5v.01M16.5 19.5v.01",
  form: "M6 4h12v16H6zM9 9h6M9 13h6M9 17h3",
  poll: "M5 20V10M12 20V4M19 20v-7",
  megaphone: "M4 10v4l11 4V6zM18 9.5a4 4 0 0 1 0 5M7.5 15.5L9 20",
  group: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 19a5.5 5.5 0 0 1 11 0M15.5 5.3a3 3 0 0 1 0 5.5M17 13.8a5.5 5.5 0 0 1 3.5 5.2",
  ban: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.8 5.8l12.4 12.4",
  bug: "M8.5 9.5a3.5 3.5 0 0 1 7 0v6a3.5 3.5 0 0 1-7 0zM8.5 12H4M20 12h-4.5M8.5 8L5 5.5M15.5 8L19 5.5M8.5 16L5 19M15.5 16l3.5 3",
  swap: "M7 7.5h12l-3.5-3.5M17 16.5H5l3.5 3.5",
  id: "M4 6h16v12H4zM7 15a2.5 2.5 0 0 1 5 0M9.5 11.5v.01M14.5 10.5h3M14.5 13.5h3",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  plane: "M12 3.5l1.6 6 6.9 4.5v1.8l-6.9-2-.6 4 2 1.6V21l-3-.8L9 21v-1.6l2-1.6-.6-4-6.9 2V14l6.9-4.5z",
  sheet: "M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5",
};

/** glyph draws one of the drawings of the phone or of all pages; it is decoration and has no name. */
export function glyph(name) {
  if (!(name in drawings)) return icon(name);
  const svg = document.createElementNS(svgSpace, "svg"),
    path = document.createElementNS(svgSpace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}
