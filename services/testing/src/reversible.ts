import { type Migrations, migrate, migrateDown, migrationStatus } from "@carillon/kit/database";
import { catalogueOf } from "./catalogue.ts";
import { testDatabase } from "./database.ts";

/**
 * Names of the migrations that were applied, reverted and applied again one by one on a database of
 * their own, comparing the catalogue at every step.
 * @throws Error naming the first migration whose revert, or second application, ends elsewhere.
 */
export async function provenReversible(migrations: Migrations): Promise<string[]> {
  const { schema } = migrations;
  const database = await testDatabase({ migrations: [] });
  const sql = database.connectAs("owner");
  try {
    const catalogue = (): Promise<string[]> => catalogueOf(sql, schema);
    const names = (await migrationStatus(sql, migrations)).map(({ name }) => name);
    const steps = [await catalogue()];
    for (const _name of names) {
      await migrate(sql, migrations, 1);
      steps.push(await catalogue());
    }
    for (const [below, name] of [...names.entries()].reverse()) {
      await migrateDown(sql, migrations);
      demandEqual(await catalogue(), steps[below] ?? [], `${schema}/${name}.down.sql does not lead back`);
    }
    await migrate(sql, migrations);
    demandEqual(await catalogue(), steps.at(-1) ?? [], `${schema} differs after applying it again`);
    return names;
  } finally {
    await sql.end();
    await database.close();
  }
}

function demandEqual(now: readonly string[], before: readonly string[], failure: string): void {
  const added = now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  const lost = before.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  if (added.length + lost.length > 0) throw new Error([`${failure}:`, ...added, ...lost].join("\n"));
}
