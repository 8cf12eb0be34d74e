/** Quick add: what a line of plain English or German means as a task. Pure: the moment, the zone and the reader's habits come in as arguments. */
export { parse } from "./parse.ts";
export type { Options, PartsOfDay } from "./reference.ts";
