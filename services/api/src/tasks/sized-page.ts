import type { Db, Fragment } from "@carillon/kit/database";

/** A page ends with the task that passes this size: the largest tasks have 80 kB, and a page has up to a hundred. */
export const maxPageBytes = 500_000;

/** What `sizedPage` adds to each row: how many rows were found, before any was left out for its size. */
export type Sized = { rows_found: number };

/**
 * The first rows of `page` (made of `selectTasks`, in order), as many as fit into `maxBytes` as JSON, and always one. What is left out never
 * leaves the database.
 */
export const sizedPage = (db: Db, page: Fragment, maxBytes = maxPageBytes): Fragment => db`
  select * from (
    select page.*, (count(*) over ())::int4 as rows_found,
      sum(${bytes(db)}) over (rows unbounded preceding) - ${bytes(db)} as bytes_before
    from (${page}) as page
  ) as sized
  where bytes_before < ${maxBytes}`;

/** The texts of a task, what hangs on it, and some 1 000 bytes of names and dates. No text is unpacked for this. */
const bytes = (db: Db): Fragment => db`
  (1000 + octet_length(title) + octet_length(description) + pg_column_size(tags) + pg_column_size(reminders))`;
