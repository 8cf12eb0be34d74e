import { type Priority, priorities, type Sort } from "@carillon/contracts/http/tasks";

export type ListName = "inbox" | "today" | "upcoming" | "done" | "all" | "trash";

export type Filters = {
  status: "pending" | "completed" | "any";
  priorities: Priority[];
  tags: string[];
  overdue: boolean;
  search: string;
  /** Null: the list's own order. */
  sort: Sort | null;
};

/** Which tasks a list page shows, according to its address. `rows`: how many at once; `cursor`: from where on. */
export type ListAddress = { name: ListName; filters: Filters; cursor: string | null; rows: number };

/** Rows of a list by default, and the maximum of one page. */
export const rowsAtFirst = 50;
export const rowsAtMost = 500;

export const sorts = {
  due_date: "Due date",
  "-priority": "Priority",
  "-created_at": "Newest first",
  "-updated_at": "Last changed",
  title: "Title",
  relevance: "Best match",
} as const satisfies Partial<Record<Sort, string>>;

export const noFilters: Filters = {
  status: "pending",
  priorities: [],
  tags: [],
  overdue: false,
  search: "",
  sort: null,
};

/** The list a path names, or null when it names none. An unreadable query counts as absent. */
export function readListAddress(url: URL): ListAddress | null {
  const name = listNames.find((candidate) => url.pathname === `/${candidate}`);
  if (!name) return null;
  const query = url.searchParams;
  const rows = Number(query.get("rows") ?? rowsAtFirst);
  return {
    name,
    filters: name === "all" ? readFilters(query) : noFilters,
    cursor: query.get("cursor") || null,
    rows: Number.isInteger(rows) && rows > 0 ? Math.min(rows, rowsAtMost) : rowsAtFirst,
  };
}

const listNames: ListName[] = ["inbox", "today", "upcoming", "done", "all", "trash"];

function readFilters(query: URLSearchParams): Filters {
  const status = query.get("status");
  const sort = query.get("sort") ?? "";
  return {
    status: status === "completed" || status === "any" ? status : "pending",
    priorities: priorities.filter((level) => query.getAll("priority").includes(level)),
    tags: [...new Set(query.getAll("tag").filter((tag) => tag !== ""))],
    overdue: query.has("overdue"),
    search: query.get("search") ?? "",
    sort: isSort(sort) ? sort : null,
  };
}

const isSort = (value: string): value is keyof typeof sorts => value in sorts;

/** The shortest address of that list; `changes` makes a variant. A change of filters goes back to the first row. */
export function listPath(
  address: ListAddress,
  changes: Partial<Filters> & { rows?: number; cursor?: string } = {},
): string {
  const { rows, cursor, ...filterChanges } = changes;
  const filters = { ...address.filters, ...filterChanges };
  const query = new URLSearchParams();
  if (filters.search) query.set("search", filters.search);
  if (filters.status !== "pending") query.set("status", filters.status);
  for (const level of filters.priorities) query.append("priority", level);
  for (const tag of filters.tags) query.append("tag", tag);
  if (filters.overdue) query.set("overdue", "1");
  if (filters.sort) query.set("sort", filters.sort);
  const moved = Object.keys(filterChanges).length > 0;
  const from = cursor ?? (moved ? null : address.cursor);
  const many = rows ?? (moved || cursor ? rowsAtFirst : address.rows);
  if (from) query.set("cursor", from);
  if (many !== rowsAtFirst) query.set("rows", String(many));
  const text = query.toString();
  return `/${address.name}${text ? `?${text}` : ""}`;
}

/** How many filters are active; the sort order is not one. */
export const countFilters = ({ status, priorities: levels, tags, overdue, search }: Filters): number =>
  (status === "pending" ? 0 : 1) + levels.length + tags.length + (overdue ? 1 : 0) + (search ? 1 : 0);

/** The tag that alone narrows "All tasks", which is then the tag's own page; null for any other address. */
export function tagOf({ name, filters }: ListAddress): string | null {
  const { tags, priorities: levels, overdue, search } = filters;
  const [only] = tags;
  return name === "all" && tags.length === 1 && levels.length === 0 && !overdue && !search && only ? only : null;
}
