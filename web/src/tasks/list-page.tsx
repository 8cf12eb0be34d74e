import type { Tag } from "@carillon/contracts/http/tags";
import { Problem } from "@carillon/kit/service";
import { html } from "../door/respond.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { dayOf, dueDay, longDay } from "../time.ts";
import { TagDot } from "../ui/badges.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { Html } from "../ui/html.ts";
import { PhoneBrand } from "../ui/navigation.tsx";
import { DayLine } from "./day-strip.tsx";
import { FilterBar } from "./filter-bar.tsx";
import {
  type ListAddress,
  type ListName,
  listPath,
  noFilters,
  readListAddress,
  rowsAtFirst,
  tagOf,
} from "./list-address.ts";
import { ListContent } from "./list-content.tsx";
import { loadList, type TaskList } from "./load-list.ts";
import { placeOf } from "./place-of.ts";
import { PendingTasks, QuickAdd, type QuickAddState } from "./quick-add.tsx";
import { emptyQuickTask } from "./quick-task.ts";
import { isSelecting, SelectForm } from "./select-form.tsx";
import { TaskDialogs } from "./task-dialogs.tsx";
import type { RowSetting } from "./task-row.tsx";

const titles: Record<ListName, string> = {
  inbox: "Inbox",
  today: "Today",
  upcoming: "Upcoming",
  done: "Done",
  all: "All tasks",
  trash: "Trash",
};

/** `GET /inbox`, `/today`, `/upcoming`, `/done`, `/all`, `/trash`. */
export async function showList(visit: Visit): Promise<Response> {
  const address = readListAddress(visit.url);
  if (!address) throw new Problem("not_found", "There is no such list.");
  return listPage(visit, address);
}

/** `GET /day`: what comes next today, for a page that stays open. */
export async function showDay(visit: Visit): Promise<Response> {
  const list = await loadList(visit, { name: "today", filters: noFilters, cursor: null, rows: rowsAtFirst });
  return html(<TodayLine visit={visit} list={list} />);
}

/** A list page; `quickAdd` brings back the input of its form, with the reason it was rejected. */
export async function listPage(visit: Visit, address: ListAddress, quickAdd?: QuickAddState): Promise<Response> {
  const [list, { data: tags }] = await Promise.all([
    load(visit, address),
    address.name === "all" && visit.part === "page" ? visit.api.listTags() : { data: [] },
  ]);
  const refused = "refusal" in list;
  const setting = settingOf(visit, address);
  const content = refused ? (
    <Refusal text={list.refusal} />
  ) : (
    <ListContent visit={visit} list={list} setting={setting} />
  );
  const line = refused || address.name !== "today" ? "" : <TodayLine visit={visit} list={list} />;
  const tag = tagOf(address);
  const head = <Head visit={visit} address={address} count={refused ? null : list.count} tags={tags} />;
  return show(visit, {
    title: tag ?? titles[address.name],
    place: tag === null ? address.name : `tag:${tag}`,
    main: <ListMain {...{ visit, address, content, line, head, tags, quickAdd }} />,
    list: { content, beside: <BesideList line={line} head={head} /> },
    status: quickAdd ? 422 : refused ? 422 : 200,
    dialogs: <TaskDialogs visit={visit} />,
    hasLine: isWritten(address),
    // The address bar follows the filters in their shortest form.
    ...(visit.part === "list" && !visit.live && address.name === "all"
      ? { headers: { "hx-replace-url": listPath(address) } }
      : {}),
  });
}

const queryPlaces = {
  search: { field: "search", label: "The search" },
  tag: { field: "tag", label: "The tag" },
  cursor: { field: "cursor", label: "The place in the list" },
};

/** The list, or api's reason to reject this address (a cursor of another order, an unknown filter). */
async function load(visit: Visit, address: ListAddress): Promise<TaskList | { refusal: string }> {
  try {
    return await loadList(visit, address);
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid") {
      const [refusal] = Object.values(fieldErrors(error, queryPlaces));
      return { refusal: refusal ?? error.detail };
    }
    throw error;
  }
}

type MainProps = {
  visit: Visit;
  address: ListAddress;
  content: JSX.Element;
  line: JSX.Element;
  head: JSX.Element;
  tags: readonly Tag[];
  quickAdd: QuickAddState | undefined;
};

const ListMain = ({ visit, address, content, line, head, tags, quickAdd }: MainProps) => (
  <div class="column">
    <header class="list-head">
      <PhoneBrand />
      <div id="head" class="list-head-words">
        {head}
      </div>
      {address.name === "trash" || isSelecting(visit, address) ? (
        ""
      ) : (
        <a
          class="quiet-link unscripted"
          href={`${listPath(address)}${listPath(address).includes("?") ? "&" : "?"}select=1`}
        >
          Select
        </a>
      )}
    </header>
    {address.name === "all" ? <FilterBar address={address} tags={tags} /> : null}
    {address.name === "trash" ? (
      <p class="page-lead">Deleted tasks stay here for 30 days and are then removed permanently.</p>
    ) : null}
    {address.name === "today" ? <div id="day">{line}</div> : null}
    {isWritten(address) ? (
      <>
        <QuickAdd
          state={quickAdd ?? { values: valuesFor(visit, address), errors: {} }}
          back={listPath(address)}
          idempotencyKey={visit.newKey()}
        />
        <PendingTasks />
      </>
    ) : null}
    {isSelecting(visit, address) ? <SelectForm back={listPath(address)} /> : ""}
    <section id="list" aria-label={tagOf(address) ?? titles[address.name]} data-list={listPath(address)}>
      {content}
    </section>
  </div>
);

/** New tasks are written on every list but those of what is past. */
const isWritten = ({ name }: ListAddress): boolean => name !== "trash" && name !== "done";

/** A task written on a tag's page gets the tag; an address may bring a line (`write`) and a day (`day`) with it. */
function valuesFor(visit: Visit, address: ListAddress) {
  const { searchParams: asked } = visit.url;
  const day = asked.get("day") ?? "";
  return {
    ...emptyQuickTask(/^\d{4}-\d\d-\d\d$/.test(day) ? day : defaultDate(visit, address.name)),
    title: asked.get("write") ?? "",
    tags: tagOf(address) ?? "",
  };
}

type HeadProps = { visit: Visit; address: ListAddress; count: number | null; tags: readonly Tag[] };

const Head = ({ visit: { now, user }, address, count, tags }: HeadProps) => {
  const tag = tagOf(address);
  const color = tags.find(({ name }) => name === tag)?.color;
  return (
    <>
      {color ? <TagDot color={color} /> : null}
      <h1 dir={tag === null ? undefined : "auto"} safe>
        {tag ?? titles[address.name]}
      </h1>
      {address.name === "today" ? (
        <p class="list-head-note" safe>
          {longDay(dayOf(now, user.time_zone).date, now, user)}
        </p>
      ) : count ? (
        <p class="list-head-note">
          <span class="sr-only">Tasks: </span>
          {count}
        </p>
      ) : null}
    </>
  );
};

const TodayLine = ({ visit, list }: { visit: Visit; list: TaskList }) => (
  <DayLine
    tasks={list.groups.flatMap(({ tasks }) => tasks)}
    now={visit.now}
    reader={visit.user}
    back={listPath(list.address)}
  />
);

/** A task added on "Today" is due today by default; on "Upcoming", tomorrow. */
export function defaultDate({ now, user }: Pick<Visit, "now" | "user">, name: ListName): string {
  return name === "today" || name === "upcoming" ? dayOf(now, user.time_zone, name === "today" ? 0 : 1).date : "";
}

const BesideList = ({ line, head }: { line: JSX.Element; head: JSX.Element }) => (
  <>
    <hx-partial hx-target="#head" hx-swap="innerHTML">
      {head}
    </hx-partial>
    {line ? (
      <hx-partial hx-target="#day" hx-swap="innerHTML">
        {line}
      </hx-partial>
    ) : null}
  </>
);

/** How rows of that list are shown, in the list and one by one. */
export function settingOf(visit: Visit, address: ListAddress): RowSetting {
  const { now, user } = visit;
  const today = dayOf(now, user.time_zone).date;
  return {
    now,
    reader: user,
    back: listPath(address),
    place: (task) => placeOf(task, address, now),
    underDay: (task) =>
      address.name === "upcoming" || (address.name === "today" && dueDay(task, user.time_zone) === today),
    tag: tagOf(address),
    selects: isSelecting(visit, address),
  };
}

const Refusal = ({ text }: { text: string }) => (
  <div class="notice notice-alarm" role="alert">
    <p class="notice-title">This list cannot be shown.</p>
    <p safe>{text}</p>
    <p>
      <a href="/all">Start over with all tasks</a>
    </p>
  </div>
);
