export { backoffMs } from "./backoff.ts";
export { TimeoutError, within } from "./deadline.ts";
export { fatal } from "./fatal.ts";
export { createLoop } from "./loop.ts";
