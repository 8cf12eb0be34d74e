import { readFileSync } from "node:fs";
import { join } from "node:path";
import { schemas } from "@carillon/kit/database";
import type { Sql } from "postgres";

export const pageFile = join(import.meta.dir, "../../../docs/data-model.md");

type TableColumns = { table: string; columns: string };

/** Every table of the product with its columns in order, as PostgreSQL has them: `name type`, `?` after what may be null. */
const tablesOf = (sql: Sql): Promise<TableColumns[]> => sql<TableColumns[]>`
  select n.nspname || '.' || c.relname as table, string_agg(
    format('%s %s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then '' else '?' end), ', ' order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname in ${sql([...schemas])} and c.relkind in ('r', 'p') and not c.relispartition and c.relname not like 'schema_migrations%'
  group by 1 order by 1`;

/** docs/data-model.md with its tables as the migrated database has them; the text around them and each table's meaning are written by hand. */
export async function dataModelPage(sql: Sql): Promise<string> {
  const page = readFileSync(pageFile, "utf8");
  const meant = new Map(
    [...page.matchAll(/^\| `([a-z_.]+)` \| (.*?) \| /gm)].map(([, table = "", means = ""]) => [table, means]),
  );
  const rows = (await tablesOf(sql)).map(
    ({ table, columns }) => `| \`${table}\` | ${meant.get(table) ?? ""} | ${shortened(columns)} |`,
  );
  const text = ["| table | holds | columns |", "| --- | --- | --- |", ...rows].join("\n");
  return page.replace(
    /(<!-- tables:[^>]*-->)[\s\S]*?(<!-- \/tables -->)/,
    (_all, from: string, to: string) => `${from}\n\n${text}\n\n${to}`,
  );
}

const shortened = (columns: string): string =>
  columns
    .replace(/timestamp(\(3\))? with time zone/g, "timestamptz")
    .replace(/(\w+) ([^,]+?)(\??)(?=, |$)/g, "`$1` $2$3");
