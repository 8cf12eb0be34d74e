export { beforeKey, parseBefore, remindAt } from "./before.ts";
export { isTooLate, mostLateMs } from "./lateness.ts";
