export { backoffMs } from "./backoff.ts";
export { sleep, TimeoutError, within } from "./deadline.ts";
export { createLoop } from "./loop.ts";
