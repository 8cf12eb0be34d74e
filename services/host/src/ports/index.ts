export { accepts } from "./accepts.ts";
export { freePorts } from "./free-port.ts";
