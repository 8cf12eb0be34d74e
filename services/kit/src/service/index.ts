export { boundMemory } from "./bound-memory.ts";
export { callerToken } from "./callers.ts";
export {
  type Client,
  clientBucket,
  clientOfRequest,
  forwardedFor,
  toldClient,
} from "./client-address.ts";
export type { Probe, Probes } from "./health.ts";
export { createInternalService, type InternalRoute } from "./internal-service.ts";
export { isAlive } from "./is-alive.ts";
export { standLastFence } from "./last-fence.ts";
export { ownMetricsRoute } from "./metrics-route.ts";
export { invalid, notFound, Problem } from "./problem.ts";
export { asProblem, problemResponse } from "./problem-response.ts";
export { callerOf, contextOf } from "./request-context.ts";
export { type Host, runService } from "./run-service.ts";
export { type Doors, type Served, serve, serveDoors } from "./serve.ts";
export { createService } from "./service.ts";
export { stopRequested } from "./stop-signal.ts";
export { createStops, type Stops } from "./stops.ts";
export { createTurns } from "./turns.ts";
