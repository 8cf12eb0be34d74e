import { readFileSync } from "node:fs";
import { join } from "node:path";
import { superuser } from "@carillon/host/postgres";

/** Where the database that runs on this data folder answers its superuser. */
export function databaseUrlOf(dataDir: string): string {
  const { database } = JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8"));
  const [, , , port] = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n");
  return `postgres://${superuser}:${encodeURIComponent(String(database))}@127.0.0.1:${port}/carillon`;
}

/** What the services and their sidecars prove themselves with, as the product keeps it in its data folder. */
export const secretOf = (dataDir: string, name: "app_api_token" | "dapr_api_token"): string =>
  String(JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8"))[name]);
