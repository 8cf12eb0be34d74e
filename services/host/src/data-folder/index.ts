export { openDataDir } from "./data-dir.ts";
export { type Database, migrateAll, openDatabase, using } from "./database.ts";
export { lockFile } from "./file-lock.ts";
export { keepSecrets, type Secrets } from "./secrets.ts";
