import { defineConfig } from "drizzle-kit";

/**
 * Authoring only: `npm run db:new -- notification <name>` writes the SQL, a developer reviews it, the
 * service's own runner applies it.
 */
export default defineConfig({
  dialect: "postgresql",
  schema: "./src/schema.ts",
  out: "./migrations",
  schemaFilter: ["notification"],
});
