import { type Observance, observancesOf } from "@carillon/calendar/zone";

/** One content line (RFC 5545 §3.1), folded after at most 75 octets and never within a character. */
export function line(text: string): string {
  if (text.length < 25 || Buffer.byteLength(text) <= 75) return `${text}\r\n`;
  const lines: string[] = [];
  let [from, octets] = [0, 0];
  for (let at = 0; at < text.length; ) {
    const unit = text.codePointAt(at) ?? 0;
    const size = unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit < 0x10000 ? 3 : 4;
    if (octets + size > 74) {
      lines.push(text.slice(from, at));
      [from, octets] = [at, 0];
    }
    octets += size;
    at += size === 4 ? 2 : 1;
  }
  return `${[...lines, text.slice(from)].join("\r\n ")}\r\n`;
}

/** Text as a value (RFC 5545 §3.3.11). */
export const text = (value: string): string => value.replaceAll(/[\\;,]/g, "\\$&").replaceAll(/\r\n|[\r\n]/g, "\\n");

/** `20261201T090000`, of a wall time in milliseconds since 1970 as a clock of UTC would show it. */
export const wall = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");

export const utc = (at: Date): string => `${wall(at.getTime())}Z`;

/** A zone as the product knows it, whatever the reader's own table says. */
export function vtimezone(timeZone: string): string {
  const parts = observancesOf(timeZone).flatMap((one) => [
    `BEGIN:${one.toMs > one.fromMs ? "DAYLIGHT" : "STANDARD"}`,
    `DTSTART:${wall(one.walls[0] ?? 0)}`,
    ...recurring(one),
    `TZOFFSETFROM:${offset(one.fromMs)}`,
    `TZOFFSETTO:${offset(one.toMs)}`,
    `END:${one.toMs > one.fromMs ? "DAYLIGHT" : "STANDARD"}`,
  ]);
  return ["BEGIN:VTIMEZONE", `TZID:${timeZone}`, ...parts, "END:VTIMEZONE"].map(line).join("");
}

const recurring = ({ rule, walls }: Observance): string[] => [
  ...(rule === null ? [] : [`RRULE:${rule}`]),
  ...(walls.length > 1 ? [`RDATE:${walls.slice(1).map(wall).join(",")}`] : []),
];

function offset(ms: number): string {
  const seconds = Math.abs(ms) / 1_000;
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const digits = parts.map((part) => String(part).padStart(2, "0")).join("");
  return (ms < 0 ? "-" : "+") + (parts[2] === 0 ? digits.slice(0, 4) : digits);
}

/** The lines around a calendar's components. */
export const calendarHead = (name: string): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Carillon//Tasks//EN",
    "CALSCALE:GREGORIAN",
    `X-WR-CALNAME:${text(name)}`,
  ]
    .map(line)
    .join("");

export const calendarEnd = "END:VCALENDAR\r\n";
