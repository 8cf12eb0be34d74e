import type { Tag } from "@carillon/contracts/http/tags";
import type { Row } from "@carillon/kit/database";
import type { tags } from "../schema/tasks.ts";

/** A row of `api.tags` as postgres.js reads it. */
export type TagRow = Pick<Row<typeof tags>, "id" | "name" | "color" | "version" | "created_at" | "updated_at">;

/** What makes two names the same: composition, case and runs of blanks do not count, decided here and not by the database's locale. */
export const nameKeyOf = (name: string): string =>
  name.trim().normalize("NFC").toLowerCase().normalize("NFC").replace(/\s+/g, " ");

export const toTag = (row: TagRow): Tag => ({
  id: row.id,
  name: row.name,
  color: row.color,
  version: row.version,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** Readable as a badge's ink on white and on near-black (contrast is checked where they are shown). */
const palette = [
  "#2563eb",
  "#7c3aed",
  "#c026d3",
  "#db2777",
  "#dc2626",
  "#c2410c",
  "#a16207",
  "#4d7c0f",
  "#15803d",
  "#0f766e",
  "#0e7490",
  "#475569",
];

/** A default colour for a tag; the same name always gets the same. */
export const colorFor = (name: string): string =>
  palette[Number(Bun.hash(nameKeyOf(name)) % BigInt(palette.length))] ?? "#475569";
