/** Writes the tables of docs/data-model.md, as the migrations make them on a throwaway server. Part of `npm run gen`. */
import { schemas } from "@carillon/kit/database";
import { testDatabase } from "@carillon/testing/database";
import { dataModelPage, pageFile } from "./src/data-model.ts";

const database = await testDatabase({ migrations: [...schemas] });
await Bun.write(pageFile, await dataModelPage(database.sql));
await database.close();
process.exit(0);
