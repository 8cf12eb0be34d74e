import { defineConfig } from "drizzle-kit";

/** Authoring only: drizzle-kit writes the SQL, a developer reviews it, the service's own runner applies it. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./src/schema.ts",
  out: "./migrations",
  schemaFilter: ["audit"],
});
