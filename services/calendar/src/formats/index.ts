export { clockText, type DateShape, dateText, type Formats, spokenDate, usualFormats } from "./formats.ts";
