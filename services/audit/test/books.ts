import type { Sql } from "@carillon/kit/database";
import { type Books, type Keys, openBooks } from "../src/books.ts";

/** The tests' seal key. */
export const keys: Keys = { AUDIT_KEY: "a key of the tests, which no database knows", AUDIT_OLD_KEY: null };

/** Histories kept by a process that has written nothing yet, with the tests' key. */
export const booksOf = (sql: Sql): Books => openBooks(sql, keys);
