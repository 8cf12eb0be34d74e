import { zoneRelease } from "@carillon/calendar/zone";
import type { Log } from "@carillon/kit/observe";
import { createInternalService, createService } from "@carillon/kit/service";
import type { LagWatch } from "./lag/watch-lag.ts";

export type AppDeps = { log: Log; appToken: string; watch: Pick<LagWatch, "health"> };

/**
 * The exporter's public door: health only. It stays ready while the broker is away, because that is
 * what it reports.
 */
export const createApp = ({ log, appToken, watch }: AppDeps) =>
  createService({ name: "ops", log, appToken, health: { zones: zoneRelease, ...watch.health } });

/** The exporter's door for Prometheus. */
export const createInternalApp = ({ log, appToken }: Pick<AppDeps, "log" | "appToken">) =>
  createInternalService({ name: "ops", log, appToken, routes: [] });
