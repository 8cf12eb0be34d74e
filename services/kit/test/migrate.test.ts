import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogueOf } from "@carillon/testing/catalogue";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { provenReversible } from "@carillon/testing/reversible";
import type { Sql } from "postgres";
import { MigrationError, migrate, migrateDown, migrationStatus } from "../src/database/migrate.ts";

let database: TestDatabase;
let sql: Sql;
let folder: string;

beforeAll(async () => {
  database = await testDatabase({ migrations: [] });
  sql = database.connectAs("owner");
});
afterAll(async () => {
  await sql.end();
  await database.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "carillon-migrations-"));
  await database.sql`drop schema if exists state cascade`;
  await database.sql`create schema state authorization carillon_owner`;
  file("0001_notes.sql", "create table state.notes (id int primary key);");
  file("0001_notes.down.sql", "drop table state.notes;");
  file(
    "0002_text.sql",
    "alter table state.notes add column text text not null default ''; create index notes_text on state.notes (text);",
  );
  file("0002_text.down.sql", "alter table state.notes drop column text;");
});

const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const migrations = (): { schema: "state"; folder: string } => ({ schema: "state", folder });
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return error instanceof Error ? error.message : "";
};

describe("up", () => {
  test("every pending file runs once, in order, and is recorded with its checksum", async () => {
    expect(await migrate(sql, migrations())).toEqual(["0001_notes", "0002_text"]);
    expect(await migrate(sql, migrations())).toEqual([]);
    const rows = await sql<
      { name: string; length: number }[]
    >`select name, length(checksum) from state.schema_migrations order by name`;
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { name: "0001_notes", length: 64 },
      { name: "0002_text", length: 64 },
    ]);
  });

  test("a failing file leaves nothing behind, keeps those before it, and is named", async () => {
    file("0003_wrong.sql", "create table state.half (id int); select 1/0;");
    expect(await refusal(migrate(sql, migrations()))).toBe(
      "Migration state/0003_wrong failed and left nothing behind: division by zero.",
    );
    const lines = await catalogueOf(sql, "state");
    expect(lines.filter((line) => line.includes("half"))).toEqual([]);
    expect((await migrationStatus(sql, migrations())).map(({ state }) => state)).toEqual([
      "applied",
      "applied",
      "pending",
    ]);
  });

  test("processes that start at the same moment apply each file once between them", async () => {
    const done = await Promise.all([1, 2, 3].map(() => migrate(sql, migrations())));
    expect(done.flat().sort()).toEqual(["0001_notes", "0002_text"]);
  });

  test("a file that was edited after it was applied is rejected in one sentence", async () => {
    await migrate(sql, migrations());
    file("0001_notes.sql", "create table state.notes (id bigint primary key);");
    const sentence = "Migration state/0001_notes was edited after it was applied; restore it and write a new one.";
    expect(await refusal(migrate(sql, migrations()))).toBe(sentence);
  });

  test("the same file with other line ends is the same file", async () => {
    file("0003_lines.sql", "create table state.lines (\n  id int\n);\n");
    await migrate(sql, migrations());
    file("0003_lines.sql", "create table state.lines (\r\n  id int\r\n);\r\n");
    expect(await migrate(sql, migrations())).toEqual([]);
  });

  test("a file that arrives with a number below an applied one is rejected in one sentence", async () => {
    await migrate(sql, migrations());
    file("0000_late.sql", "select 1");
    const sentence =
      "Migration state/0000_late comes before 0002_text, which is applied already; give it a later number.";
    expect(await refusal(migrate(sql, migrations()))).toBe(sentence);
  });

  test("the previous release runs on the schema of the next one", async () => {
    await migrate(sql, migrations());
    rmSync(join(folder, "0002_text.sql"));
    rmSync(join(folder, "0002_text.down.sql"));
    expect(await migrate(sql, migrations())).toEqual([]);
    expect(await migrationStatus(sql, migrations())).toEqual([
      { name: "0001_notes", state: "applied" },
      { name: "0002_text", state: "unknown here" },
    ]);
  });

  test.each(["notes.sql", "3_notes.sql", "0003-Notes.sql"])("%s is rejected for its name", async (name) => {
    file(name, "select 1");
    expect(await refusal(migrate(sql, migrations()))).toBe(
      `${join(folder, name)} is not named like 0001_what_it_does.sql.`,
    );
  });

  test("two files with one number are rejected", async () => {
    file("0002_other.sql", "select 1");
    expect(await refusal(migrate(sql, migrations()))).toBe(`Two migrations in ${folder} have the number 0002.`);
  });

  test("a missing schema is one sentence, not an SQL stack trace", async () => {
    await database.sql`drop schema if exists state cascade`;
    const sentence = "There is no schema state in this database; create it before running migrations.";
    expect(await refusal(migrate(sql, migrations()))).toBe(sentence);
  });
});

describe("down", () => {
  test("the newest is reverted first, as many as asked, and can be applied again", async () => {
    await migrate(sql, migrations());
    expect(await migrateDown(sql, migrations())).toEqual(["0002_text"]);
    expect(await migrate(sql, migrations())).toEqual(["0002_text"]);
    expect(await migrateDown(sql, migrations(), 9)).toEqual(["0002_text", "0001_notes"]);
    expect(await catalogueOf(sql, "state")).toEqual([]);
  });

  test("a migration without a down file is rejected in one sentence and stays", async () => {
    rmSync(join(folder, "0002_text.down.sql"));
    await migrate(sql, migrations());
    const sentence = `Migration state/0002_text cannot be undone: there is no 0002_text.down.sql in ${folder}.`;
    expect(await refusal(migrateDown(sql, migrations(), 2))).toBe(sentence);
    expect((await migrationStatus(sql, migrations())).map(({ state }) => state)).toEqual(["applied", "applied"]);
  });
});

describe("the proof that a schema's migrations can be reverted", () => {
  test("passes when each down file leads back", async () => {
    expect(await provenReversible(migrations())).toEqual(["0001_notes", "0002_text"]);
  });

  test("fails, and names the file, when a down file is incomplete", async () => {
    file("0002_text.down.sql", "drop index state.notes_text;");
    const error = await provenReversible(migrations()).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toContain("state/0002_text.down.sql does not lead back:\n+ column notes.text");
  });
});
