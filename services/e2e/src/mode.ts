/** How the product under test is run: all services in one process, or one process each with its sidecar. */
export type Mode = "embedded" | "dapr";

/** `CARILLON_MODE=dapr` runs the same tests against the product on Dapr. */
export const mode: Mode = process.env.CARILLON_MODE === "dapr" ? "dapr" : "embedded";

/** The prefix of a line that names a test which this mode does not run. */
export const elsewhereMark = "(elsewhere)";
