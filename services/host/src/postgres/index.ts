export { superuser } from "./cluster.ts";
export { type Server, startEmbeddedPostgres } from "./embedded-postgres.ts";
export { stopLeftover } from "./leftover.ts";
