import { parseInstant } from "@carillon/calendar/zone";
import { type ListTasks, priorities } from "@carillon/contracts/http/tasks";
import { type Db, unprepared } from "@carillon/kit/database";
import { invalid } from "@carillon/kit/service";
import { nameKeyOf } from "../tags/index.ts";
import type { Belongings } from "./belongings.ts";
import { namesTag, type Search, type SearchTerm, searchOf, tsqueryOf } from "./search-query.ts";
import type { TaskOrder } from "./task-sort.ts";

/** A list's filter, read once: equal filters give equal JSON, which binds a cursor to them. */
export type TaskFilter = {
  completed: boolean | null;
  priorities: number[] | null;
  tagKeys: string[] | null;
  dueBefore: Date | null;
  dueAfter: Date | null;
  noDate: boolean | null;
  completedBefore: Date | null;
  completedAfter: Date | null;
  overdue: boolean | null;
  recurring: boolean | null;
  deleted: boolean;
  /** An empty one matches nothing. null: no search. */
  search: Search | null;
};

/** @throws Problem 422 for an unknown priority and for a contradiction of `status` and `completed`. */
export function filterOf(query: ListTasks): TaskFilter {
  const byStatus = query.status === undefined ? null : query.status === "completed";
  if (byStatus !== null && query.completed !== undefined && query.completed !== byStatus) {
    throw invalid({ pointer: "completed", detail: "contradicts status" });
  }
  const search = query.search?.trim() ? query.search : null;
  return {
    completed: query.completed ?? byStatus,
    priorities: query.priority === undefined ? null : query.priority.split(",").map(priorityOf),
    tagKeys: query.tag === undefined ? null : tagKeysOf(query.tag),
    dueBefore: instantOf(query.due_before),
    dueAfter: instantOf(query.due_after),
    noDate: query.no_date ?? null,
    completedBefore: instantOf(query.completed_before),
    completedAfter: instantOf(query.completed_after),
    overdue: query.overdue ?? null,
    recurring: query.recurring ?? null,
    deleted: query.deleted ?? false,
    search: search === null ? null : (searchOf(search) ?? []),
  };
}

const instantOf = (text: string | undefined): Date | null => (text === undefined ? null : parseInstant(text));

/** A comma parts names; sometimes it is part of one: the whole list comes first. */
function tagKeysOf(list: string): string[] {
  return [...new Set([list, ...list.split(",")].map(nameKeyOf))];
}

function priorityOf(name: string): number {
  const names: readonly string[] = priorities;
  const index = names.indexOf(name.trim());
  if (index < 0) throw invalid({ pointer: "priority", detail: `must be any of ${priorities.join(", ")}` });
  return index;
}

/**
 * What was looked up for a filter: the ids of its tags, those of the tags that each term of its search names, and those of the tasks that
 * the search finds when they are few (null: they are not).
 */
export type LookedUp = { tagIds: string[]; named: NamedTags; taskIds: string[] | null };

/** For each alternative of a search, for each of its terms, the ids of the tags it names. */
export type NamedTags = string[][][];

/** Maximum tasks that are sorted faster than the next page is found among all the others. */
const few = 1_000;

/**
 * What PostgreSQL's planner cannot know and needs to choose well: how many tasks have a tag, and how
 * rare the beginning of a word is. The latter does not matter by relevance, which ranks all
 * matches.
 */
export async function lookUp(
  db: Db,
  userId: string,
  { tagKeys, search }: TaskFilter,
  { order, known }: { order: TaskOrder; known: Belongings | null },
): Promise<LookedUp> {
  const isNarrowed = search !== null && search.length > 0 && order.key !== "relevance";
  const tags = tagKeys === null ? [] : await tagsOfKeys(db, userId, tagKeys, known);
  // A name that holds a comma means its own tag, not those of its parts.
  const whole = tags.filter(({ name_key }) => name_key === tagKeys?.[0]);
  const named = await namedTags(db, userId, search ?? [], known);
  const tasks = isNarrowed
    ? await unprepared(db<{ id: string }[]>`
        select t.id from api.tasks t where t.user_id = ${userId} ${matches(db, search, named)} limit ${few + 1}`)
    : [];
  return {
    tagIds: idsOf(whole.length > 0 ? whole : tags),
    named,
    taskIds: isNarrowed && tasks.length <= few ? idsOf(tasks) : null,
  };
}

async function tagsOfKeys(
  db: Db,
  userId: string,
  keys: readonly string[],
  known: Belongings | null,
): Promise<{ id: string; name_key: string }[]> {
  if (known?.tags) return [...known.tags.values()].filter(({ name_key }) => keys.includes(name_key));
  return db`select id, name_key from api.tags where user_id = ${userId} and name_key = any(${[...keys]}::text[])`;
}

/** A user has a thousand tags at most: their names are read, and compared here. */
async function namedTags(db: Db, userId: string, search: Search, known: Belongings | null): Promise<NamedTags> {
  if (search.length === 0) return [];
  const tags = known?.tags
    ? [...known.tags.values()]
    : await db<{ id: string; name: string }[]>`select id, name from api.tags where user_id = ${userId}`;
  const ids = (term: SearchTerm): string[] => idsOf(tags.filter(({ name }) => namesTag(term, name)));
  return search.map((terms) => terms.map(ids));
}

/**
 * Whether the filter is one of the few shapes that most lists have: by status, priority and tag in the usual order, or by words and
 * relevance. In all others the best plan depends on the values, and they are too many for connections to keep.
 */
export function isCommon(filter: TaskFilter, { named }: LookedUp, { key, descending }: TaskOrder): boolean {
  const { dueBefore, dueAfter, noDate, completedBefore, completedAfter, overdue, recurring, deleted, search } = filter;
  const rare = [dueBefore, dueAfter, noDate, completedBefore, completedAfter, overdue, recurring];
  if (deleted || rare.some((value) => value !== null)) return false;
  if (search === null) return key === "due_date" && !descending;
  return search.length > 0 && key === "relevance" && named.flat(2).length === 0;
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id);

/** The filter as SQL conditions on `api.tasks t`, the user's own rows only. A due date is compared as it is indexed: none is infinite. */
export function conditions(
  db: Db,
  userId: string,
  filter: TaskFilter,
  { tagIds, named, taskIds }: LookedUp,
  now: Date,
) {
  const { completed, priorities: wanted, tagKeys, dueBefore, dueAfter, overdue, recurring, deleted, search } = filter;
  const { noDate, completedBefore, completedAfter } = filter;
  const due = db`coalesce(t.due_at, 'infinity'::timestamptz)`;
  const isOverdue = db`t.completed_at is null and t.overdue_at <= ${now}::timestamptz`;
  return db`
    t.user_id = ${userId}
    and t.deleted_at is ${deleted ? db`not null` : db`null`}
    ${completed === null ? db`` : db`and t.completed_at is ${completed ? db`not null` : db`null`}`}
    ${wanted === null ? db`` : db`and t.priority = any(${wanted}::int2[])`}
    ${tagKeys === null ? db`` : db`and t.tag_ids && ${tagIds}::uuid[]`}
    ${dueBefore === null ? db`` : db`and ${due} < ${dueBefore}`}
    ${dueAfter === null ? db`` : db`and t.due_at is not null and ${due} >= ${dueAfter}`}
    ${noDate === null ? db`` : db`and t.due_at is ${noDate ? db`null` : db`not null`}`}
    ${completedBefore === null ? db`` : db`and t.completed_at < ${completedBefore}`}
    ${completedAfter === null ? db`` : db`and t.completed_at >= ${completedAfter}`}
    ${overdue === null ? db`` : overdue ? db`and ${isOverdue}` : db`and (${isOverdue}) is not true`}
    ${recurring === null ? db`` : db`and t.rrule is ${recurring ? db`not null` : db`null`}`}
    ${search === null ? db`` : matches(db, search, named)}
    ${taskIds === null ? db`` : db`and t.id = any(${taskIds}::uuid[])`}`;
}

/** A term finds the tasks that hold it, and those that wear a tag it names. */
function matches(db: Db, search: Search, named: NamedTags) {
  if (search.length === 0) return db`and false`;
  if (named.flat(2).length === 0) return db`and t.search @@ ${tsqueryOf(search)}::tsquery`;
  const any = search.map((terms, at) => {
    const all = terms.map((term, nth) => termMatches(db, term, named[at]?.[nth] ?? []));
    return all.reduce((before, one) => db`${before} and ${one}`);
  });
  return db`and (${any.reduce((before, one) => db`${before} or ${one}`)})`;
}

function termMatches(db: Db, { query, isNegated }: SearchTerm, tagIds: readonly string[]) {
  const inText = db`t.search @@ ${query}::tsquery`;
  const either = tagIds.length === 0 ? inText : db`(${inText} or t.tag_ids && ${[...tagIds]}::uuid[])`;
  return isNegated ? db`not (${either})` : either;
}
