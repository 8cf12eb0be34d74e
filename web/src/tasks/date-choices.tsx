import { type DayNumber, dayFromText, dayIn, dayText, monthNames, weekdayOf, ymdOf } from "@carillon/calendar/zone";
import type { User } from "@carillon/contracts/http/auth";
import type { Visit } from "../door/visit.ts";
import { dayWords, timeText, weekdaysFrom, weekOf } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

type Quick = { to: string; key: string; label: string; day: (today: DayNumber, user: User) => DayNumber | null };

/** Monday is 0. */
const saturday = 5;
const nextSaturday = (today: DayNumber): DayNumber => today + ((saturday - weekdayOf(today) + 7) % 7 || 7);

const quick: readonly Quick[] = [
  { to: "today", key: "t", label: "Today", day: (today) => today },
  { to: "tomorrow", key: "m", label: "Tomorrow", day: (today) => today + 1 },
  { to: "weekend", key: "w", label: "Weekend", day: nextSaturday },
  { to: "next_week", key: "n", label: "Next week", day: (today, user) => weekOf(today, user) + 7 },
  { to: "none", key: "x", label: "No date", day: () => null },
];

/** The day that a choice means now, as a date; null when it means none. */
export function dayChosen(to: string, { now, user }: Pick<Visit, "now" | "user">): string | null {
  const day = quick.find((choice) => choice.to === to)?.day(dayIn(now, user.time_zone), user) ?? dayFromText(to);
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
              data-day={dayChosen(to, visit) ?? "none"}
            >
              <span class="key scripted" aria-hidden="true" safe>
                {key}
              </span>
              <span safe>{label}</span>
              <span class="date-choice-day" safe>
                {shortDay(day(today, visit.user), visit)}
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
          placeholder={`fri 9, in 3 days, ${visit.user.date_order === "dmy" ? "24 dec" : "dec 24"} ${timeText({ time: "18:00" }, visit.user)}`}
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
  const year = ymdOf(day).year !== ymdOf(dayIn(now, user.time_zone)).year;
  return dayWords(day, user, { names: "short", weekday: !year, year });
};

/** A month's days as buttons, from the user's first day of the week; `month` as `2026-12`, this one when it is none. */
export const Month = ({ visit, month }: { visit: Visit; month: string | null }) => {
  const today = dayIn(visit.now, visit.user.time_zone);
  const first = dayFromText(`${month ?? ""}-01`) ?? today - ymdOf(today).dayOfMonth + 1;
  const { year, month: number } = ymdOf(first);
  const name = `${monthNames[number - 1]} ${year}`;
  const start = weekOf(first, visit.user);
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
        {weekdaysFrom(visit.user).map((day) => (
          <span class="month-weekday" aria-hidden="true" safe>
            {day.slice(0, 2)}
          </span>
        ))}
        {days.map((day) => (
          <DayButton day={day} today={today} visit={visit} isInside={ymdOf(day).month === number} />
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

type DayButtonProps = { day: DayNumber; today: DayNumber; visit: Visit; isInside: boolean };

const DayButton = ({ day, today, visit, isInside }: DayButtonProps) => {
  return (
    <button
      type="submit"
      name="to"
      value={dayText(day)}
      class={["month-day", isInside ? "" : "month-beside"]}
      aria-current={day === today ? "date" : undefined}
      aria-label={dayWords(day, visit.user, { names: "long" })}
    >
      {ymdOf(day).dayOfMonth}
    </button>
  );
};
