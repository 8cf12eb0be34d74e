import { customType, timestamp } from "drizzle-orm/pg-core";

export const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });
export const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });
export const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });
export const instant = <Name extends string>(name: Name) => timestamp(name, { withTimezone: true, precision: 3 });
