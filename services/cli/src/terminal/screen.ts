import type { World } from "../world.ts";
import { printable, printableJson } from "./printable.ts";

const styles = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", blue: "34", magenta: "35" } as const;
export type Style = keyof typeof styles;

/** What commands print with. */
export type Screen = {
  json: boolean;
  columns: number | null;
  /** A line for people; its parts are ours or already printable. */
  line: (text?: string) => Promise<void>;
  data: (value: unknown) => Promise<void>;
  /** A line beside the result. */
  note: (text: string) => void;
  paint: (style: Style, text: string) => string;
};

export function createScreen(world: World, { json, color }: { json: boolean; color: boolean }): Screen {
  const { NO_COLOR, TERM } = world.env;
  const isColoured = color && world.columns !== null && !NO_COLOR && TERM !== "dumb";
  return {
    json,
    columns: world.columns,
    line: async (text = "") => world.out(`${text.trimEnd()}\n`),
    data: async (value) => world.out(`${printableJson(value)}\n`),
    note: (text) => world.err(printable(text)),
    paint: (style, text) => (isColoured && text !== "" ? `\u001b[${styles[style]}m${text}\u001b[0m` : text),
  };
}
