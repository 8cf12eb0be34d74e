import { Html } from "./html.ts";

/** Drawn on a 24 × 24 grid with a line of 1.75; each is one path, which keeps pages small. */
const paths = {
  bell: "M12 3.5v-1M5.5 17.5c1.2-1.3 1.7-2.9 1.7-5V10a4.8 4.8 0 0 1 9.6 0v2.5c0 2.1.5 3.7 1.7 5zM10 20.5a2.2 2.2 0 0 0 4 0",
  silent:
    "M12 3.5v-1M5.5 17.5c1.2-1.3 1.7-2.9 1.7-5V10a4.8 4.8 0 0 1 9.6 0v2.5c0 2.1.5 3.7 1.7 5zM10 20.5a2.2 2.2 0 0 0 4 0M4 3.5l16 17",
  alarm:
    "M5.5 17.5c1.2-1.3 1.7-2.9 1.7-5V10a4.8 4.8 0 0 1 9.6 0v2.5c0 2.1.5 3.7 1.7 5zM10 20.5a2.2 2.2 0 0 0 4 0M3 8.5a7 7 0 0 1 2.6-5M21 8.5a7 7 0 0 0-2.6-5",
  calendar: "M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4",
  month: "M4 5h16v14.5H4zM4 9.5h16M9.3 9.5v10M14.7 9.5v10M4 14.5h16",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1",
  inbox: "M4 13.5l2.5-8h11l2.5 8v5H4zM4 13.5h5a3 3 0 0 0 6 0h5",
  bolt: "M13 3L5.5 13.5H12L11 21l7.5-10.5H12z",
  chart: "M4 19.5h16M7 16v-5M12 16V6.5M17 16v-7.5",
  flag: "M6 20.5v-16M6 5h11.5l-2.5 4 2.5 4H6",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  list: "M9 6.5h11M9 12h11M9 17.5h11M4 6.5h.5M4 12h.5M4 17.5h.5",
  tag: "M4 5v6.2l8.6 8.6a1.4 1.4 0 0 0 2 0l5.2-5.2a1.4 1.4 0 0 0 0-2L11.2 4H5a1 1 0 0 0-1 1zM8 8h.01",
  trash: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  search: "M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20.5 20.5l-5-5",
  plus: "M12 5v14M5 12h14",
  check: "M5.5 12.5l4.5 4.5 8.5-9.5",
  close: "M6 6l12 12M18 6L6 18",
  undo: "M8.5 5L4.5 9l4 4M4.5 9h9.5a5.5 5.5 0 0 1 0 11h-4",
  repeat:
    "M16.5 3.5l3 3-3 3M4.5 11.5V10A3.5 3.5 0 0 1 8 6.5h11.5M7.5 20.5l-3-3 3-3M19.5 12.5V14a3.5 3.5 0 0 1-3.5 3.5H4.5",
  skip: "M5 6l8 6-8 6zM18.5 6v12",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  note: "M5 6.5h14M5 12h14M5 17.5h8",
  filter: "M4 6.5h16M7 12h10M10.5 17.5h3",
  chevron: "M6 9.5l6 6 6-6",
  back: "M19.5 12H5M11 6l-6 6 6 6",
  forward: "M4.5 12H19M13 6l6 6-6 6",
  keyboard: "M3.5 6.5h17v11h-17zM7 10h.01M10.5 10h.01M14 10h.01M17.5 10h.01M8.5 14h7",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  leave: "M14 4.5H5.5v15H14M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5",
  warning: "M12 4L3 19.5h18zM12 10v4.5M12 17h.01",
  globe: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c5 5 5 12 0 17c-5-5-5-12 0-17",
} as const;

export type IconName = keyof typeof paths;

/** A decorative icon beside words, hidden from assistive technology. */
export const Icon = ({ name, class: extra }: { name: IconName; class?: string }) => (
  <svg class={["icon", extra ?? ""]} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
