import { type DayNumber, dayIn, dayText, monthNames, ymdOf } from "@carillon/calendar/zone";
import type { Occurrence } from "@carillon/contracts/http/recurrence";
import type { Task } from "@carillon/contracts/http/tasks";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { dayWords, isOverdue, localMoment, type Reader, shortTimeText, weekdaysFrom } from "../time.ts";
import { PriorityWords } from "../ui/badges.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { PhoneBrand } from "../ui/navigation.tsx";
import { firstOfMonth, loadMonth, type MonthDay, type MonthOfTasks } from "./load-month.ts";
import { TaskDialogs } from "./task-dialogs.tsx";

/** Entries of a day that are seen without opening it. */
const maxShown = 4;

const pathOf = (first: DayNumber): string => `/month?m=${dayText(first).slice(0, 7)}`;

/** `GET /month`: the weeks of a month, with what is due on each day. */
export async function showMonthPage(visit: Visit): Promise<Response> {
  const asked = visit.url.searchParams.get("m");
  const first = firstOfMonth(asked, visit);
  const month = await loadMonth(visit, first);
  const { month: number, year } = ymdOf(first);
  const name = `${monthNames[number - 1]} ${year}`;
  const here = asked === null ? "/month" : pathOf(first);
  const content = <Weeks visit={visit} month={month} back={here} />;
  return show(visit, {
    title: name,
    place: "month",
    main: (
      <div class="column-month">
        <header class="list-head">
          <PhoneBrand />
          <div class="list-head-words">
            <h1 safe>{name}</h1>
          </div>
          <nav class="month-nav" aria-label="Months">
            <a class="icon-button" href={pathOf(first - 1)} aria-label="Earlier month" rel="prev">
              <Icon name="back" />
            </a>
            <a class="button button-small month-now" href="/month">
              This month
            </a>
            <a class="icon-button" href={pathOf(first + 31)} aria-label="Later month" rel="next">
              <Icon name="forward" />
            </a>
          </nav>
        </header>
        <section id="list" aria-label={name} data-list={here} data-whole>
          {content}
        </section>
      </div>
    ),
    list: { content },
    dialogs: <TaskDialogs visit={visit} />,
  });
}

type WeeksProps = { visit: Visit; month: MonthOfTasks; back: string };

const Weeks = ({ visit, month: { days, isWhole }, back }: WeeksProps) => {
  const today = dayIn(visit.now, visit.user.time_zone);
  return (
    <>
      {isWhole ? "" : <p class="notice">This month has more tasks than fit here. The lists show all of them.</p>}
      <div class="calendar-weekdays" aria-hidden="true">
        {weekdaysFrom(visit.user).map((name) => (
          <span safe>{name.slice(0, 3)}</span>
        ))}
      </div>
      <ol class="calendar">
        {days.map((day) => (
          <Day day={day} today={today} visit={visit} back={back} />
        ))}
      </ol>
    </>
  );
};

type DayProps = { day: MonthDay; today: DayNumber; visit: Visit; back: string };

const Day = ({ day: { day, date, isInside, tasks, ahead }, today, visit, back }: DayProps) => {
  const { dayOfMonth } = ymdOf(day);
  const name = dayWords(day, visit.user, { names: "long", weekday: true });
  const entries = [
    ...tasks.map((task) => <TaskEntry task={task} visit={visit} back={back} />),
    ...ahead.map((date) => <AheadEntry date={date} visit={visit} back={back} />),
  ];
  const list = day <= today ? "/today" : "/upcoming";
  return (
    <li
      class={["calendar-day", isInside ? "" : "calendar-beside", entries.length === 0 ? "calendar-free" : ""]}
      data-day={date}
      aria-current={day === today ? "date" : undefined}
    >
      <div class="calendar-head">
        <h2 class="calendar-name">
          <span class="sr-only" safe>
            {name}
          </span>
          <span class="calendar-number" aria-hidden="true">
            {dayOfMonth}
          </span>
          <span class="calendar-long" aria-hidden="true" safe>
            {name}
          </span>
        </h2>
        <a
          class="group-add"
          href={`${list}?${new URLSearchParams({ day: date })}#new-title`}
          aria-label={`Add a task on ${name}`}
        >
          <Icon name="plus" />
        </a>
      </div>
      {entries.length > 0 ? <ul class="calendar-tasks">{entries.slice(0, maxShown)}</ul> : ""}
      {entries.length > maxShown ? (
        <details class="calendar-more">
          <summary>{entries.length - maxShown} more</summary>
          <ul class="calendar-tasks">{entries.slice(maxShown)}</ul>
        </details>
      ) : (
        ""
      )}
    </li>
  );
};

const withBack = (path: string, back: string): string => `${path}?${new URLSearchParams({ back })}`;

const TaskEntry = ({ task, visit: { now, user }, back }: { task: Task; visit: Visit; back: string }) => (
  <li
    id={`task-${task.id}`}
    class={["calendar-task", `calendar-${task.priority}`, isOverdue(task, now) ? "calendar-late" : ""]}
    draggable="true"
    data-task={task.id}
    data-version={String(task.version)}
    data-place="month"
  >
    <a class="task-title" href={withBack(`/tasks/${task.id}`, back)} draggable="false" dir="auto">
      <PriorityWords level={task.priority} />
      <Time of={task} reader={user} />
      <span safe>{task.title}</span>
    </a>
    <a
      class="task-date"
      href={withBack(`/tasks/${task.id}/date`, back)}
      data-does="date"
      aria-label={`Move “${task.title}” to another day`}
    >
      <Icon name="calendar" />
    </a>
  </li>
);

/** A date that a repeating task leads to: it moves with its series only. */
const AheadEntry = ({ date, visit: { user }, back }: { date: Occurrence; visit: Visit; back: string }) => (
  <li class="calendar-task calendar-ahead">
    <a class="task-title" href={withBack(`/tasks/${date.task_id}`, back)} dir="auto">
      <span class="sr-only">To come: </span>
      <Icon name="repeat" />
      <Time of={date} reader={user} />
      <span safe>{date.title}</span>
    </a>
  </li>
);

type Timed = { due_date: string | null; all_day: boolean; time_zone: string };

const Time = ({ of, reader }: { of: Timed; reader: Reader }) =>
  of.due_date === null || of.all_day ? (
    ""
  ) : (
    <time class="calendar-time" datetime={of.due_date} safe>
      {`${shortTimeText(localMoment(of.due_date, reader.time_zone), reader)} `}
    </time>
  );
