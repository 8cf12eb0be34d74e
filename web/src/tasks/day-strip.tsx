import type { Task } from "@carillon/contracts/http/tasks";
import { dayOf, dueDay, isOverdue, localMoment, type Reader, shortTimeText } from "../time.ts";
import { Html } from "../ui/html.ts";

type Stroke = { task: Task; share: number };

const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24];
/** The strip's ends keep half a bell's width free. */
const percent = (share: number): string => `${Math.round((1 + share * 98) * 100) / 100}%`;

/** Where the day's timed tasks lie, early to late. */
function strokesOf(tasks: readonly Task[], today: string, zone: string): Stroke[] {
  return tasks
    .filter((task) => task.due_date !== null && !task.all_day && dueDay(task, zone) === today)
    .map((task) => ({ task, share: shareOfDay(localMoment(task.due_date ?? "", zone).time) }))
    .toSorted((a, b) => a.share - b.share);
}

function shareOfDay(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return (hour * 60 + minute) / 1_440;
}

type Props = { tasks: readonly Task[]; now: Date; reader: Reader; back: string };

/** What comes next, in words, and the day as a beam with a bell where a task is due. Read again each minute. */
export const DayLine = ({ tasks, now, reader, back }: Props) => {
  const zone = reader.time_zone;
  const strokes = strokesOf(tasks, dayOf(now, zone).date, zone);
  const next = strokes.find(({ task }) => !task.completed && !isOverdue(task, now));
  return (
    <>
      <p class="day-next">
        {next?.task.due_date ? (
          <>
            <span class="day-next-label">Next</span>
            <a class="day-next-task" href={`/tasks/${next.task.id}?${new URLSearchParams({ back })}`} dir="auto" safe>
              {next.task.title}
            </a>
            <span class="day-next-when" safe>
              {inWords(Date.parse(next.task.due_date) - now.getTime())}
            </span>
          </>
        ) : (
          <span class="day-next-label">Nothing more has a time today.</span>
        )}
      </p>
      {strokes.length > 0 ? <Strip strokes={strokes} now={now} reader={reader} /> : ""}
    </>
  );
};

/** `in 42 min`, `in 3 h 5 min`. */
function inWords(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (whole === 0) return `in ${minutes} min`;
  return rest === 0 ? `in ${whole} h` : `in ${whole} h ${rest} min`;
}

/** `18`, or `6 PM`. */
const hourLabel = (hour: number, reader: Reader): string =>
  reader.hour_cycle === "h23" ? String(hour) : shortTimeText({ time: `${hour}:00` }, reader);

/** The rows below say the same in words, so assistive technology skips the picture. */
const Strip = ({ strokes, now, reader }: { strokes: Stroke[]; now: Date; reader: Reader }) => {
  const clock = percent(shareOfDay(localMoment(now.toISOString(), reader.time_zone).time));
  return (
    <svg class="strip" width="100%" height="30" aria-hidden="true" focusable="false">
      {hours.map((hour) => (
        <>
          <line class="strip-hour" x1={percent(hour / 24)} x2={percent(hour / 24)} y1="5" y2="10" />
          {hour % 6 === 0 && hour % 24 !== 0 ? (
            <text class="strip-label" x={percent(hour / 24)} y="28" text-anchor="middle" safe>
              {hourLabel(hour, reader)}
            </text>
          ) : (
            ""
          )}
        </>
      ))}
      <rect class="strip-beam" x="0" y="4" width="100%" height="2" rx="1" />
      <line class="strip-now" x1={clock} x2={clock} y1="0" y2="26" />
      {strokes.map(({ task, share }) => (
        <svg x={percent(share)} y="7" class="strip-place" aria-hidden="true">
          <path
            class={["strip-bell", task.completed ? "strip-done" : isOverdue(task, now) ? "strip-late" : ""]}
            d="M0 0C3.3 0 3.5 3.7 3.7 6.8C3.9 9.2 4.7 10.2 5.6 11.6H-5.6C-4.7 10.2 -3.9 9.2 -3.7 6.8C-3.5 3.7 -3.3 0 0 0Z"
          />
        </svg>
      ))}
    </svg>
  );
};
