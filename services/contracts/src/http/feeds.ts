import { type Static, Type } from "@sinclair/typebox";
import { Instant, Nullable, Strict, Uuid } from "./shared.ts";
import { Text } from "./text.ts";

/** What a task is in a calendar: a to-do, or an event for calendars that show none. */
export const FeedKind = Type.Union([Type.Literal("todo"), Type.Literal("event")]);
export type FeedKind = Static<typeof FeedKind>;

export const maxFeeds = 20;

/** A calendar to subscribe to: all tasks, or those of one tag. */
export const NewFeed = Type.Object(
  { kind: Type.Optional(FeedKind), tag: Type.Optional(Nullable(Text({ min: 1, max: 100 }))) },
  Strict,
);
export type NewFeed = Static<typeof NewFeed>;

export const Feed = Type.Object({ id: Uuid, kind: FeedKind, tag: Nullable(Type.String()), created_at: Instant });
export type Feed = Static<typeof Feed>;

/** The only answer that ever shows the address; `path` goes behind the product's own. */
export const CreatedFeed = Type.Object({ ...Feed.properties, path: Type.String() });
export type CreatedFeed = Static<typeof CreatedFeed>;

export const FeedList = Type.Object({ data: Type.Array(Feed) });
export type FeedList = Static<typeof FeedList>;
