/** Quick add: parses a line of plain English or German into a task. Pure: time, zone and preferences are arguments. */
export { parse } from "./parse.ts";
export type { Options, PartsOfDay } from "./reference.ts";
