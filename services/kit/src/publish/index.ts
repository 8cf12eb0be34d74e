export { startRelay } from "./relay.ts";
export { slotOf } from "./slots/slot-of.ts";
