export { backoffMs } from "./backoff.ts";
export { sleep, TimeoutError, within } from "./deadline.ts";
export { fatal } from "./fatal.ts";
export { createLoop, isAbandoned, type Loop, type Rest } from "./loop.ts";
