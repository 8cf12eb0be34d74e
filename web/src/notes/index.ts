export { Notes } from "./notes.tsx";
export { turnTick } from "./read-notes.ts";
