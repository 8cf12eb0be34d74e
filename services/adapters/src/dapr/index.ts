export { daprAlarms } from "./alarms.ts";
export { daprBus } from "./bus.ts";
export { daprInvoker } from "./invoker.ts";
export { openSidecar } from "./open-sidecar.ts";
export { daprState } from "./state.ts";
