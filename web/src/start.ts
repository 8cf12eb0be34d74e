import { createInternalService, type Host } from "@carillon/kit/service";
import { createApp, type WebDeps } from "./app.ts";
import { pagesPerMinute } from "./limits.ts";

export type WebParts = Host &
  Omit<WebDeps, "maxPagesPerMinute" | "newKey"> & {
    /** `RATE_LIMIT_PER_MINUTE`: 0 turns all limits off. */
    ratePerMinute: number;
  };

/** Starts web's doors. It owns no data and has no background work; its internal door serves only metrics. */
export const startWeb = ({ ratePerMinute, ...parts }: WebParts) => ({
  open: createApp({
    ...parts,
    maxPagesPerMinute: ratePerMinute === 0 ? 0 : pagesPerMinute,
    newKey: () => Bun.randomUUIDv7(),
  }),
  internal: createInternalService({ name: "web", log: parts.log, appToken: parts.appToken, routes: [] }),
});
