export { createHeldKeys } from "./held-keys.ts";
export { relayPass } from "./pass.ts";
export { startRelay } from "./relay.ts";
export { slotOf } from "./slots/slot-of.ts";
export { allSlots, type Lease, type Slots, shareSlots } from "./slots/slots.ts";
export { relayStore } from "./store.ts";
