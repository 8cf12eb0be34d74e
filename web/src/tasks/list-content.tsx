import type { Occurrence } from "@carillon/contracts/http/recurrence";
import type { Visit } from "../door/visit.ts";
import { dayOf, dueTimeText } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { EmptyList } from "./empty-list.tsx";
import { ActiveFilters } from "./filter-bar.tsx";
import type { Group } from "./groups.ts";
import { type ListAddress, listPath, rowsAtFirst, rowsAtMost, tagOf } from "./list-address.ts";
import type { TaskList } from "./load-list.ts";
import { type RowSetting, TaskRow } from "./task-row.tsx";

type Props = { visit: Visit; list: TaskList; setting: RowSetting };

/** Everything of a list that follows a change: filters, groups with their rows, and the way to more of them. */
export const ListContent = ({ visit, list, setting }: Props) => {
  const { address, groups } = list;
  return (
    <>
      {tagOf(address) === null ? <ActiveFilters address={address} /> : null}
      {groups.length === 0 ? <EmptyList visit={visit} address={address} /> : null}
      {groups.map((group) => (
        <GroupOfTasks group={group} setting={setting} titled={address.name !== "all" && address.name !== "inbox"} />
      ))}
      <More list={list} />
      <span hidden data-again-ms={String(againMs(visit, list))} />
      {address.name === "today" ? <DoneToday visit={visit} /> : null}
    </>
  );
};

/** The longest a page is taken for true, in milliseconds. */
const maxAgeMs = 3_600_000;

/** Milliseconds until the page is not true any more by time alone: a task shown becomes due, or the day ends. At least a second. */
function againMs({ now, user }: Visit, { groups }: TaskList): number {
  const ends = [Date.parse(dayOf(now, user.time_zone).end)];
  for (const { tasks } of groups)
    for (const { due_date: due, all_day: whole, completed } of tasks)
      if (due !== null && !whole && !completed) ends.push(Date.parse(due));
  const left = ends.map((at) => at - now.getTime()).filter((ms) => ms > 0);
  return Math.max(1_000, Math.min(maxAgeMs, ...left) + 500);
}

const GroupOfTasks = ({ group, setting, titled }: { group: Group; setting: RowSetting; titled: boolean }) => (
  <section
    id={`group-${group.key}`}
    class={["group", `group-${group.tone}`]}
    aria-labelledby={`group-${group.key}-title`}
  >
    <div class={titled ? "group-head" : "sr-only"}>
      <h2 id={`group-${group.key}-title`} class="group-title">
        <span safe>{group.title}</span>
        {group.note ? (
          <span class="group-note" safe>
            {group.note}
          </span>
        ) : null}
        {group.tasks.length > 0 ? (
          <span class="group-count">
            <span class="sr-only">, tasks: </span>
            {group.total ?? group.tasks.length}
          </span>
        ) : null}
      </h2>
      {group.day ? (
        <a
          class="group-add"
          href={`/upcoming?${new URLSearchParams({ day: group.day })}#new-title`}
          data-does="add-on"
          data-day={group.day}
          aria-label={`Add a task on ${group.title}`}
        >
          <Icon name="plus" />
        </a>
      ) : null}
      {group.key === "overdue" ? (
        <a class="group-act" href={`/overdue/date?${new URLSearchParams({ back: setting.back })}`} data-does="late">
          Reschedule all
        </a>
      ) : null}
    </div>
    <ul class="tasks">
      {group.tasks.map((task) => (
        <TaskRow task={task} setting={setting} />
      ))}
      {(group.ahead ?? []).map((date) => (
        <AheadRow date={date} setting={setting} />
      ))}
    </ul>
    {group.all ? (
      <p class="group-all">
        <a class="quiet-link" href={group.all} safe>
          {`Show all ${group.total ?? ""} overdue`}
        </a>
      </p>
    ) : null}
  </section>
);

/** A date that a repeating task will lead to; it cannot be completed before the dates in front of it. */
const AheadRow = ({ date, setting: { back, reader } }: { date: Occurrence; setting: RowSetting }) => (
  <li class="task task-ahead">
    <span class="task-ahead-mark">
      <Icon name="repeat" />
      <span class="sr-only">To come: </span>
    </span>
    <a class="task-title" href={`/tasks/${date.task_id}?${new URLSearchParams({ back })}`} dir="auto" safe>
      {date.title}
    </a>
    <span class="task-notes" />
    <span class="task-date" safe>
      {date.all_day ? "" : dueTimeText(date, reader)}
    </span>
  </li>
);

/** What was completed on this day, counted by completion; the list of it is a page. */
const DoneToday = async ({ visit }: { visit: Visit }) => {
  const { done_today: count } = await visit.counts();
  if (count === 0) return "";
  return (
    <p class="done-today">
      <a class="quiet-link" href="/done">
        <Icon name="check" />
        <span>
          Done today <span id="done-count">{count}</span>
        </span>
      </a>
    </p>
  );
};

/** More rows of the same list; very long lists continue on a page of their own. */
const More = ({ list: { address, groups, next } }: { list: TaskList }) => {
  if (next === null) return address.cursor ? <FirstOnes address={address} /> : "";
  const full = address.rows >= rowsAtMost;
  const href = full
    ? listPath(address, { cursor: next })
    : listPath(address, { rows: Math.min(address.rows + rowsAtFirst, rowsAtMost) });
  const last = groups.at(-1)?.tasks.at(-1);
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

const FirstOnes = ({ address }: { address: ListAddress }) => (
  <p class="more">
    <a class="button" href={listPath({ ...address, cursor: null, rows: rowsAtFirst })}>
      Back to the first tasks
    </a>
  </p>
);
