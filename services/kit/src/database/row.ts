import { getTableColumns, type Table } from "drizzle-orm";

type ColumnOf<T extends Table> = T["_"]["columns"][keyof T["_"]["columns"]];

/** A row of a table as postgres.js reads it: each column by its name in the database. */
export type Row<T extends Table> = {
  [Column in ColumnOf<T> as Column["_"]["name"]]: Column["_"]["notNull"] extends true
    ? Column["_"]["data"]
    : Column["_"]["data"] | null;
};

/** The names of a table's columns in the database, in the order of the schema. */
export const columnsOf = <T extends Table>(table: T): (keyof Row<T> & string)[] =>
  // Sound: a column's name in the type is the one it has at run time.
  Object.values(getTableColumns(table)).map(({ name }) => name as keyof Row<T> & string);
