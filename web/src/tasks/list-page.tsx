import type { Tag } from "@carillon/contracts/http/tags";
import { Problem } from "@carillon/kit/service";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { dayOf, dueDay, longDay } from "../time.ts";
import { Empty } from "../ui/empty.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { DayStrip } from "./day-strip.tsx";
import { ActiveFilters, FilterBar } from "./filter-bar.tsx";
import {
  countFilters,
  type ListAddress,
  type ListName,
  listPath,
  noFilters,
  readListAddress,
  rowsAtFirst,
  rowsAtMost,
} from "./list-address.ts";
import { type Group, loadList, placeOf, type TaskList } from "./load-list.ts";
import { PendingTasks, QuickAdd, type QuickAddState } from "./quick-add.tsx";
import { emptyQuickTask } from "./quick-task.ts";
import { type RowSetting, TaskRow } from "./task-row.tsx";

const titles: Record<ListName, string> = { today: "Today", upcoming: "Upcoming", all: "All tasks", trash: "Trash" };

/** `GET /today`, `/upcoming`, `/all`, `/trash`. */
export async function showList(visit: Visit): Promise<Response> {
  const address = readListAddress(visit.url);
  if (!address) throw new Problem("not_found", "There is no such list.");
  return listPage(visit, address);
}

/** A list page; `quickAdd` brings back what was typed into its form, and why it was refused. */
export async function listPage(visit: Visit, address: ListAddress, quickAdd?: QuickAddState): Promise<Response> {
  const [list, { data: tags }] = await Promise.all([
    load(visit, address),
    address.name === "all" ? visit.api.listTags() : { data: [] },
  ]);
  const refused = "refusal" in list;
  const content = refused ? <Refusal text={list.refusal} /> : <ListContent visit={visit} list={list} />;
  const tasks = refused ? [] : list.groups.flatMap((group) => group.tasks);
  const strip = address.name === "today" ? <DayStrip tasks={tasks} now={visit.now} zone={visit.user.time_zone} /> : "";
  return show(visit, {
    title: titles[address.name],
    place: address.name,
    main: <ListMain visit={visit} address={address} content={content} strip={strip} tags={tags} quickAdd={quickAdd} />,
    list: { content, beside: <BesideList strip={strip} /> },
    status: quickAdd ? 422 : refused ? 422 : 200,
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

/** The list, or api's reason why this address can be no list (a page marker of another order, an odd filter). */
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
  strip: JSX.Element;
  tags: readonly Tag[];
  quickAdd: QuickAddState | undefined;
};

const ListMain = ({ visit, address, content, strip, tags, quickAdd }: MainProps) => (
  <div class="column">
    <header class="page-head">
      {address.name === "today" ? (
        <p class="page-date" safe>
          {longDay(dayOf(visit.now, visit.user.time_zone).date, visit.now, visit.user.time_zone)}
        </p>
      ) : null}
      <h1 safe>{titles[address.name]}</h1>
      {address.name === "all" ? (
        <p class="page-asides">
          <a class="page-aside" href="/tags">
            <Icon name="tag" />
            Tags
          </a>
          <a class="page-aside" href="/trash">
            <Icon name="trash" />
            Trash
          </a>
        </p>
      ) : null}
      {address.name === "trash" ? (
        <p class="page-lead">Deleted tasks stay here for 30 days, then they are gone for good.</p>
      ) : null}
    </header>
    {address.name === "today" ? <div id="day">{strip}</div> : null}
    {address.name === "trash" ? null : (
      <QuickAdd
        state={quickAdd ?? { values: emptyQuickTask(defaultDate(visit, address.name)), errors: {} }}
        back={listPath(address)}
        idempotencyKey={visit.newKey()}
      />
    )}
    {address.name === "trash" ? null : <PendingTasks />}
    {address.name === "all" ? <FilterBar address={address} tags={tags} /> : null}
    <section id="list" aria-label={titles[address.name]} data-list={listPath(address)}>
      {content}
    </section>
  </div>
);

/** A task written on "Today" is meant for today; on "Upcoming", for tomorrow at the earliest. */
export function defaultDate({ now, user }: Pick<Visit, "now" | "user">, name: ListName): string {
  return name === "today" || name === "upcoming" ? dayOf(now, user.time_zone, name === "today" ? 0 : 1).date : "";
}

const BesideList = ({ strip }: { strip: JSX.Element }) =>
  strip ? (
    <hx-partial hx-target="#day" hx-swap="innerHTML">
      {strip}
    </hx-partial>
  ) : (
    ""
  );

/** How rows of that list are shown, in the list and one by one. */
export function settingOf({ now, user }: Visit, address: ListAddress): RowSetting {
  const today = dayOf(now, user.time_zone).date;
  return {
    now,
    zone: user.time_zone,
    back: listPath(address),
    place: (task) => placeOf(task, address, now),
    underDay: (task) =>
      address.name === "upcoming" || (address.name === "today" && dueDay(task, user.time_zone) === today),
  };
}

const ListContent = ({ visit, list }: { visit: Visit; list: TaskList }) => {
  const { address } = list;
  const setting = settingOf(visit, address);
  const open = list.groups.some((group) => group.tone !== "done");
  return (
    <>
      <ActiveFilters address={address} />
      {open ? null : <EmptyList address={address} done={list.groups.length > 0} />}
      {list.groups.map((group) => (
        <GroupOfTasks
          group={group}
          setting={setting}
          titled={address.name === "today" || address.name === "upcoming"}
        />
      ))}
      <More list={list} />
    </>
  );
};

const GroupOfTasks = ({ group, setting, titled }: { group: Group; setting: RowSetting; titled: boolean }) => (
  <section
    id={`group-${group.key}`}
    class={["group", `group-${group.tone}`]}
    aria-labelledby={`group-${group.key}-title`}
  >
    <h2 id={`group-${group.key}-title`} class={titled ? "group-title" : "sr-only"}>
      <span safe>{group.title}</span>
      {group.note ? (
        <span class="group-note" safe>
          {group.note}
        </span>
      ) : null}
      <span class="group-count">
        <span class="sr-only">, tasks: </span>
        {group.tasks.length}
      </span>
    </h2>
    <ul class="tasks">
      {group.tasks.map((task) => (
        <TaskRow task={task} setting={setting} />
      ))}
    </ul>
  </section>
);

/** More rows of the same list; very long lists go on with a page of their own. */
const More = ({ list: { address, groups, next } }: { list: TaskList }) => {
  if (next === null) {
    return address.cursor ? (
      <p class="more">
        <a class="button" href={listPath({ ...address, cursor: null, rows: rowsAtFirst })}>
          Back to the first tasks
        </a>
      </p>
    ) : (
      ""
    );
  }
  const full = address.rows >= rowsAtMost;
  const href = full
    ? listPath(address, { cursor: next })
    : listPath(address, { rows: Math.min(address.rows + rowsAtFirst, rowsAtMost) });
  const last = groups.findLast((group) => group.tone !== "done")?.tasks.at(-1);
  return (
    <p class="more">
      <a
        class="button"
        href={full || !last ? href : `${href}#task-${last.id}`}
        {...(full ? {} : { "hx-get": href, "hx-target": "#list", "hx-swap": "innerMorph" })}
      >
        Show more
      </a>
    </p>
  );
};

const EmptyList = ({ address, done }: { address: ListAddress; done: boolean }) => {
  if (address.name === "today") {
    return done ? (
      <Empty title="All rung for today">Everything due today is done. What comes next is under “Upcoming”.</Empty>
    ) : (
      <Empty title="The bells are quiet today">
        Nothing is due. Write down what has to ring today, or look ahead under “Upcoming”.
      </Empty>
    );
  }
  if (address.name === "upcoming")
    return (
      <Empty title="Nothing ahead">
        Tasks with a date after today gather here, day by day. Give one a date to see it.
      </Empty>
    );
  if (address.name === "trash")
    return (
      <Empty title="The trash is empty">A deleted task waits here for 30 days, in case you change your mind.</Empty>
    );
  if (countFilters(address.filters) === 0)
    return (
      <Empty title="A clean slate">
        Write your first task above. A date makes it appear under “Today” when its time comes.
      </Empty>
    );
  return (
    <Empty title="No task fits">
      Nothing matches this search and these filters. <a href={listPath(address, noFilters)}>Show all open tasks</a>
    </Empty>
  );
};

const Refusal = ({ text }: { text: string }) => (
  <div class="notice notice-alarm" role="alert">
    <p class="notice-title">This list cannot be shown.</p>
    <p safe>{text}</p>
    <p>
      <a href="/all">Start again with all tasks</a>
    </p>
  </div>
);
