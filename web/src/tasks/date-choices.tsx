import { type DayNumber, dayFromText, dayIn, dayText, monthNames, weekdayOf, ymdOf } from "@carillon/calendar/zone";
import type { Visit } from "../door/visit.ts";
import { dayName } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

type Quick = { to: string; key: string; label: string; day: (today: DayNumber) => DayNumber | null };

/** Monday is 0. */
const saturday = 5;
const monday = 0;
const nextWeekday = (today: DayNumber, weekday: number): DayNumber =>
  today + ((weekday - weekdayOf(today) + 7) % 7 || 7);

const quick: readonly Quick[] = [
  { to: "today", key: "t", label: "Today", day: (today) => today },
  { to: "tomorrow", key: "m", label: "Tomorrow", day: (today) => today + 1 },
  { to: "weekend", key: "w", label: "Weekend", day: (today) => nextWeekday(today, saturday) },
  { to: "next_week", key: "n", label: "Next week", day: (today) => nextWeekday(today, monday) },
  { to: "none", key: "x", label: "No date", day: () => null },
];

/** The day that a choice means now, as a date; null when it means none. */
export function dayChosen(to: string, now: Date, zone: string): string | null {
  const day = quick.find((choice) => choice.to === to)?.day(dayIn(now, zone)) ?? dayFromText(to);
  return day === null ? null : dayText(day);
}

/** The ways to choose a day: near ones by a key, any by words or in the month. Plain submit buttons, so that it works without a script. */
export const DateChoices = ({ visit }: { visit: Visit }) => {
  const today = dayIn(visit.now, visit.user.time_zone);
  return (
    <>
      <ul class="date-quick">
        {quick.map(({ to, key, label, day }) => (
          <li>
            <button
              type="submit"
              name="to"
              value={to}
              class="date-choice"
              data-pick={key}
              data-day={dayChosen(to, visit.now, visit.user.time_zone) ?? "none"}
            >
              <span class="key scripted" aria-hidden="true" safe>
                {key}
              </span>
              <span safe>{label}</span>
              <span class="date-choice-day" safe>
                {shortDay(day(today), visit)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div class="date-words">
        <label class="sr-only" for="date-words">
          A date in words
        </label>
        <input
          class="input"
          id="date-words"
          name="words"
          placeholder="fri 9, in 3 days, 24 dec 18:00"
          maxlength={200}
          autocomplete="off"
        />
        <button type="submit" class="button">
          Set
        </button>
      </div>
      <div id="month">
        <Month visit={visit} month={null} />
      </div>
    </>
  );
};

const shortDay = (day: DayNumber | null, { now, user }: Visit): string => {
  if (day === null) return "";
  const { year, month, dayOfMonth } = ymdOf(day);
  const weekday = weekdays[weekdayOf(day)] ?? "";
  return year === ymdOf(dayIn(now, user.time_zone)).year
    ? `${weekday} ${dayOfMonth} ${monthNames[month - 1]?.slice(0, 3)}`
    : dayName(dayText(day), now, user.time_zone);
};

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** The weekday that begins a week of the user's, Monday = 0. */
const firstOfWeek = { monday: 0, saturday: 5, sunday: 6 } as const;

/** A month's days as buttons, from the user's first day of the week; `month` as `2026-12`, this one when it is none. */
export const Month = ({ visit, month }: { visit: Visit; month: string | null }) => {
  const today = dayIn(visit.now, visit.user.time_zone);
  const first = dayFromText(`${month ?? ""}-01`) ?? today - ymdOf(today).dayOfMonth + 1;
  const { year, month: number } = ymdOf(first);
  const name = `${monthNames[number - 1]} ${year}`;
  const begins = firstOfWeek[visit.user.week_start];
  const start = first - ((weekdayOf(first) - begins + 7) % 7);
  const days = Array.from({ length: 42 }, (_, index) => start + index);
  return (
    <fieldset class="month">
      <legend class="sr-only" safe>
        {name}
      </legend>
      <div class="month-head">
        <MonthLink to={first - 1} words="Earlier month" icon="back" />
        <span aria-hidden="true" safe>
          {name}
        </span>
        <MonthLink to={first + 31} words="Later month" icon="forward" />
      </div>
      <div class="month-days">
        {[...weekdays.slice(begins), ...weekdays.slice(0, begins)].map((day) => (
          <span class="month-weekday" aria-hidden="true" safe>
            {day.slice(0, 2)}
          </span>
        ))}
        {days.map((day) => (
          <DayButton day={day} today={today} isInside={ymdOf(day).month === number} />
        ))}
      </div>
    </fieldset>
  );
};

const MonthLink = ({ to, words, icon }: { to: DayNumber; words: string; icon: "back" | "forward" }) => (
  <button type="button" class="icon-button scripted" data-month={dayText(to).slice(0, 7)} aria-label={words}>
    <Icon name={icon} />
  </button>
);

const DayButton = ({ day, today, isInside }: { day: DayNumber; today: DayNumber; isInside: boolean }) => {
  const { month, dayOfMonth } = ymdOf(day);
  return (
    <button
      type="submit"
      name="to"
      value={dayText(day)}
      class={["month-day", isInside ? "" : "month-beside"]}
      aria-current={day === today ? "date" : undefined}
      aria-label={`${dayOfMonth} ${monthNames[month - 1]}`}
    >
      {dayOfMonth}
    </button>
  );
};
