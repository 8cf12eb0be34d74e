/** `npm run gen`: notes the checksum of every migration that `migrations.json` does not know yet; what it knows stays. */
import { writeFileSync } from "node:fs";
import { knownMigrations, migrationChecksums, migrationsFile } from "./migrations.ts";

const all = { ...migrationChecksums(), ...knownMigrations() };
const sorted = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(migrationsFile, `${JSON.stringify(sorted, null, 2)}\n`);
