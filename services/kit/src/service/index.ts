export {
  type Client,
  clientBucket,
  clientOfRequest,
  forwardedFor,
  toldClient,
} from "./client-address.ts";
export { standLastFence } from "./last-fence.ts";
export { invalid, notFound, Problem } from "./problem.ts";
export { problemResponse } from "./problem-response.ts";
export { contextOf } from "./request-context.ts";
export { type Host, runService } from "./run-service.ts";
export { type Served, serve } from "./serve.ts";
export { createService, hasAppToken } from "./service.ts";
export { stopRequested } from "./stop-signal.ts";
export { createStops, type Stops } from "./stops.ts";
export { createTurns } from "./turns.ts";
