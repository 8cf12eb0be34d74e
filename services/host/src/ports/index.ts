export { accepts } from "./accepts.ts";
export { freePort, freePorts } from "./free-port.ts";
