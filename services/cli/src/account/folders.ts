import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { World } from "../world.ts";

type Place = Pick<World, "env" | "home">;

/** A relative path in these variables counts as none (XDG base directory specification). */
const folder = ({ env, home }: Place, variable: string, usual: string): string => {
  const given = env[variable] ?? "";
  return join(given.startsWith("/") ? given : join(home, usual), "carillon");
};

export const credentialsFile = (place: Place): string =>
  join(folder(place, "XDG_CONFIG_HOME", ".config"), "credentials.json");
export const stateFolder = (place: Place): string => folder(place, "XDG_STATE_HOME", ".local/state");

/** The file's text; null when there is none. */
export function readPrivate(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Replaces the file as a whole; only its owner can read it. */
export function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const open = openSync(draft, "w", 0o600);
  try {
    // A draft of a killed process may have been there with other rights.
    chmodSync(draft, 0o600);
    writeSync(open, text);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  renameSync(draft, file);
}
