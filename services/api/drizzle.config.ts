import { defineConfig } from "drizzle-kit";

/** Authoring only: `npm run db:new -- api <name>` writes the SQL, a person reads it, the service's own runner applies it. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./src/schema/*.ts",
  out: "./migrations",
  schemaFilter: ["api"],
});
