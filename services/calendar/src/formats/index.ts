export { clockText, dateText, type Formats, spokenDate, usualFormats } from "./formats.ts";
