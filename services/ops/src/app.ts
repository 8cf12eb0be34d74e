import { zoneRelease } from "@carillon/calendar/zone";
import type { Log } from "@carillon/kit/observe";
import { createInternalService, createService } from "@carillon/kit/service";
import type { LagWatch } from "./lag/watch-lag.ts";

export type AppDeps = { log: Log; appToken: string; watch: Pick<LagWatch, "health"> };

/** The exporter's door for whoever asks how it is. It is ready also while the broker is away, for that is what it has to tell. */
export const createApp = ({ log, appToken, watch }: AppDeps) =>
  createService({ name: "ops", log, appToken, health: async () => ({ zones: zoneRelease(), ...watch.health() }) });

/** The exporter's door for Prometheus. */
export const createInternalApp = ({ log, appToken }: Pick<AppDeps, "log" | "appToken">) =>
  createInternalService({ name: "ops", log, appToken, routes: [] });
