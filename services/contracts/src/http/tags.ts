import { type Static, Type } from "@sinclair/typebox";
import { Cursor, Instant, limit, Nullable, Page, Strict, Uuid } from "./shared.ts";
import { Text } from "./text.ts";

export const Color = Type.String({ pattern: "^#[0-9a-fA-F]{6}$", examples: ["#2563eb"] });

export const Tag = Type.Object({
  id: Uuid,
  name: Type.String(),
  color: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  created_at: Instant,
  updated_at: Instant,
});
export type Tag = Static<typeof Tag>;

const name = Text({ min: 1, max: 100, examples: ["work"] });

/** Without a colour the service chooses one. */
export const NewTag = Type.Object({ name, color: Type.Optional(Nullable(Color)) }, Strict);
export type NewTag = Static<typeof NewTag>;

/** PUT replaces the name; an absent colour stays as it is. */
export const TagUpdate = Type.Object({ name, color: Type.Optional(Nullable(Color)) }, Strict);
export type TagUpdate = Static<typeof TagUpdate>;

/** Tags in alphabetical order, case-insensitive. */
export const ListTags = Type.Object({
  prefix: Type.Optional(Text({ min: 0, max: 100 })),
  limit: limit(50),
  cursor: Type.Optional(Cursor),
});
export const TagPage = Page(Tag);
export type TagPage = Static<typeof TagPage>;
