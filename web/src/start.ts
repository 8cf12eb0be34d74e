import type { Host } from "@carillon/kit/service";
import { createApp, type WebDeps } from "./app.ts";
import { pagesPerMinute } from "./limits.ts";

export type WebParts = Host &
  Omit<WebDeps, "maxPagesPerMinute" | "newKey"> & {
    /** `RATE_LIMIT_PER_MINUTE`: 0 turns all limits off. */
    ratePerMinute: number;
  };

/** web's app. It owns nothing and has no background work. */
export const startWeb = ({ ratePerMinute, ...parts }: WebParts) =>
  createApp({
    ...parts,
    maxPagesPerMinute: ratePerMinute === 0 ? 0 : pagesPerMinute,
    newKey: () => Bun.randomUUIDv7(),
  });
