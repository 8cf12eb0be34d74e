export { cleanReason } from "./clean-reason.ts";
export { decodeEvent } from "./decode-event.ts";
export { carrierCounts, mostDeliveryBytes } from "./delivery-envelope.ts";
export { type FailureNote, failureKey, noteTtlSeconds } from "./failure-notes.ts";
export { handleInParts } from "./handle-in-parts.ts";
export { handleTogether } from "./handle-together.ts";
export { subscribe } from "./subscribe.ts";
export { done, type Handle, oneByOne, retryFor, type Verdict } from "./verdict.ts";
