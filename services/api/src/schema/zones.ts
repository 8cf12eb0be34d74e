import { sql } from "drizzle-orm";
import { text, timestamp } from "drizzle-orm/pg-core";
import { api } from "./users.ts";

/** Every release of the zone rules behind instants here: `tzdata.zi` in full. The newest one is in force. */
export const zoneReleases = api.table("zone_releases", {
  release: text("release").primaryKey(),
  data: text("data").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});
