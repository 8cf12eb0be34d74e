export { hostilePatterns, madeUpHostilePatterns } from "./hostile-rules.ts";
export { anyDay, anyPattern, type Random, random } from "./rules.ts";
