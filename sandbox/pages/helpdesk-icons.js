// Drawings that the helpdesk alone uses, on the same grid of 24 as the shared ones.

import { iconButton } from "./dom.js";

const svgSpace = "http://www.w3.org/2000/svg";

const drawings = {
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h7M7 19h7M14 5l-4 14",
  bullets: "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5v.01M4.5 12v.01M4.5 17.5v.01",
  numbers: "M10 6.5h10M10 12h10M10 17.5h10M4 5l1.5-1v4.5M3.5 14.5c0-1.5 2.5-1.5 2.5 0 0 1-2.5 1.7-2.5 3H6",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1",
  phone: "M6 4h3.500l1.500 4.500-2 1.500a11 11 0 0 0 5 5l1.500-2 4.500 1.500V18a2 2 0 0 1-2.200 2A16 16 0 0 1 4 6.200 2 2 0 0 1 6 4z",
  download: "M12 4v11M7.500 11l4.500 4.500L16.500 11M5 20h14",
  theme: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 4v16",
  keyboard: "M3 7h18v10H3zM6.500 10.500v.01M10 10.500v.01M13.500 10.500v.01M17 10.500v.01M8 14h8",
  reload: "M19.500 8.500A8 8 0 1 0 20 12M20 4.500v4.500h-4.500",
  fold: "M5 5h14v14H5zM14 5v14M8.500 9.500l2.500 2.500-2.500 2.500",
  tickets: "M4 7h16v4a1.500 1.500 0 0 0 0 3v3H4v-3a1.500 1.500 0 0 0 0-3zM9.500 7v10",
  building: "M5 20V5h9v15M14 9h5v11M3.500 20h17M8 8.500v.01M11 8.500v.01M8 12v.01M11 12v.01M8 15.500v.01M11 15.500v.01",
};

/** drawing is one of the helpdesk's own icons. */
export function drawing(name) {
  const svg = document.createElementNS(svgSpace, "svg");
  const path = document.createElementNS(svgSpace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}

/** drawnButton is a button that shows one of the helpdesk's own icons. */
export function drawnButton(name, label, attributes) {
  const button = iconButton("check", label, attributes);
  button.replaceChildren(drawing(name));
  return button;
}
