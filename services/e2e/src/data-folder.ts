import { readFileSync } from "node:fs";
import { join } from "node:path";
import { superuser } from "@carillon/host/postgres";

/** The superuser's address of the database that runs on this data folder. */
export function databaseUrlOf(dataDir: string): string {
  const { database } = JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8"));
  const [, , , port] = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n");
  return `postgres://${superuser}:${encodeURIComponent(String(database))}@127.0.0.1:${port}/carillon`;
}

/** The tokens of the services and their sidecars, as stored in the product's data folder. */
export const secretOf = (dataDir: string, name: "app_api_token" | "dapr_api_token"): string =>
  String(JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8"))[name]);
