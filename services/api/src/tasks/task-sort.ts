import type { Sort, SortKey } from "@carillon/contracts/http/tasks";
import type { Db, Fragment } from "@carillon/kit/database";
import { type Search, tsqueryOf } from "./search-query.ts";

/** An order of tasks: by one value, ties by id. `relevance` descends by itself: the best first. */
export type TaskOrder = { key: SortKey; descending: boolean };

/** The requested order; by default, by relevance with a search and by due date otherwise. */
export function orderOf(sort: Sort | undefined, hasSearch: boolean): TaskOrder {
  if (sort === undefined) return orderOf(hasSearch ? "relevance" : "due_date", hasSearch);
  const reversed = sort.startsWith("-");
  // Sound: the schema allows only these names, with or without the minus.
  const key = (reversed ? sort.slice(1) : sort) as SortKey;
  return { key, descending: key === "relevance" ? !reversed : reversed };
}

/** Where a page ended: the sort value as text (PostgreSQL reads it back exactly) and the id. */
export type Position = { value: string; id: string };

/**
 * The value rows are sorted by. A missing date counts as the far end of either direction, so that it comes last both ways
 * and is never null, which keyset pages could not compare.
 */
export function sortValue(db: Db, { key, descending }: TaskOrder, search: Search | null) {
  switch (key) {
    case "due_date":
      return descending
        ? db`coalesce(t.due_at, '-infinity'::timestamptz)`
        : db`coalesce(t.due_at, 'infinity'::timestamptz)`;
    case "priority":
      return db`t.priority`;
    case "created_at":
      return db`t.created_at`;
    case "updated_at":
      return db`t.updated_at`;
    case "completed_at":
      return descending
        ? db`coalesce(t.completed_at, '-infinity'::timestamptz)`
        : db`coalesce(t.completed_at, 'infinity'::timestamptz)`;
    case "title":
      return db`t.title collate "unicode"`;
    case "relevance":
      return search?.length ? db`ts_rank(t.search, ${tsqueryOf(search)}::tsquery)::float8` : db`0::float8`;
  }
}

const types: Record<SortKey, string> = {
  due_date: "timestamptz",
  priority: "int2",
  created_at: "timestamptz",
  updated_at: "timestamptz",
  completed_at: "timestamptz",
  title: "text",
  relevance: "float8",
};

/** Only rows behind that position, in this order. */
export function behind(db: Db, order: TaskOrder, value: Fragment, position: Position | null) {
  if (position === null) return db``;
  const mark = db`${position.value}::text::${db.unsafe(types[order.key])}`;
  // In this form the first condition can use an index.
  return order.descending
    ? db`and ${value} <= ${mark} and (${value} < ${mark} or t.id > ${position.id})`
    : db`and ${value} >= ${mark} and (${value} > ${mark} or t.id > ${position.id})`;
}
