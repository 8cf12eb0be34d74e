/**
 * Writes the passwords that are refused because they are guessed first: `bun
 * services/api/most-used-passwords.ts FOLDER`, where FOLDER holds the npm package
 * `@zxcvbn-ts/language-common` 4.1.3, unpacked (MIT; its licence stands beside the list). Its list
 * is ordered by use and in small letters; what is too short for a password is left out.
 */
import { join } from "node:path";
import { minPasswordLength } from "@carillon/contracts/http/auth";

const maxEntries = 10_000;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder of the unpacked package.");
const byUse: string[] = await Bun.file(join(folder, "src/passwords.json")).json();
const kept = byUse.filter((password) => [...password].length >= minPasswordLength).slice(0, maxEntries);
const file = join(import.meta.dir, "src/auth/passwords/most-used-passwords.txt");
await Bun.write(file, `${kept.sort().join("\n")}\n`);
