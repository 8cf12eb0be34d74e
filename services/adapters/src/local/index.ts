export { startAlarmClock } from "./alarm-clock.ts";
export { localAlarms } from "./alarms.ts";
export { localBus } from "./bus.ts";
export { type Deliveries, startDeliveries } from "./deliveries.ts";
export type { Door } from "./door.ts";
export { localInvoker } from "./invoker.ts";
export { localState } from "./state.ts";
