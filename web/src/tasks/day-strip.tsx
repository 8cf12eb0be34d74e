import type { Task } from "@carillon/contracts/http/tasks";
import { dayOf, dueDay, isOverdue, localMoment } from "../time.ts";
import { Html } from "../ui/html.ts";

type Stroke = { task: Task; share: number; level: number };

const hours = Array.from({ length: 25 }, (_, hour) => hour);
/** The strip's ends keep half a bell's width free. */
const percent = (share: number): string => `${Math.round((2 + share * 96) * 100) / 100}%`;
/** Closer than this (as a share of the day) two bells would touch, so the second hangs lower. */
const touch = 0.05;
const lowest = 1;

/** Where bells ring today, early to late, and how low each hangs. */
function strokesOf(tasks: readonly Task[], today: string, zone: string): Stroke[] {
  const timed = tasks.filter((task) => task.due_date !== null && !task.all_day && dueDay(task, zone) === today);
  const strokes: Stroke[] = [];
  for (const task of timed.toSorted((a, b) => (a.due_date ?? "").localeCompare(b.due_date ?? ""))) {
    const share = shareOfDay(localMoment(task.due_date ?? "", zone).time);
    const last = strokes.at(-1);
    const level = last && share - last.share < touch ? (last.level + 1) % (lowest + 1) : 0;
    strokes.push({ task, share, level });
  }
  return strokes;
}

function shareOfDay(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return (hour * 60 + minute) / 1_440;
}

/** The day as a carillon: a beam of 24 hours, a bell where a task is due, a mark where the clock stands. The list says the same in words. */
export const DayStrip = ({ tasks, now, zone }: { tasks: readonly Task[]; now: Date; zone: string }) => {
  const strokes = strokesOf(tasks, dayOf(now, zone).date, zone);
  const clock = percent(shareOfDay(localMoment(now.toISOString(), zone).time));
  return (
    <svg class="strip" width="100%" height="74" role="img" aria-label={summary(strokes)} focusable="false">
      {hours.map((hour) => (
        <line
          class={hour % 6 === 0 ? "strip-hour strip-hour-main" : "strip-hour"}
          x1={percent(hour / 24)}
          x2={percent(hour / 24)}
          y1={hour % 6 === 0 ? "18" : "21"}
          y2="24"
        />
      ))}
      {[6, 12, 18].map((hour) => (
        <text class="strip-label" x={percent(hour / 24)} y="12" text-anchor="middle" safe>
          {String(hour).padStart(2, "0")}
        </text>
      ))}
      <rect class="strip-beam" x="0" y="24" width="100%" height="3" rx="1.5" />
      <line class="strip-now" x1={clock} x2={clock} y1="16" y2="62" />
      <circle class="strip-now-head" cx={clock} cy="25.5" r="4" />
      {strokes.map(({ task, share, level }) => (
        <svg x={percent(share)} y={String(27 + level * 22)} class="strip-place" aria-hidden="true">
          <StripBell task={task} now={now} />
        </svg>
      ))}
    </svg>
  );
};

const StripBell = ({ task, now }: { task: Task; now: Date }) => (
  <g class={["strip-bell", task.completed ? "strip-done" : isOverdue(task, now) ? "strip-late" : ""]}>
    <path d="M0 0C4.8 0 5.1 5.4 5.4 10C5.6 13.4 6.9 15 8.2 17H-8.2C-6.9 15-5.6 13.4-5.4 10C-5.1 5.4-4.8 0 0 0Z" />
    <circle cx="0" cy="17.5" r="2.2" />
  </g>
);

function summary(strokes: Stroke[]): string {
  const left = strokes.filter(({ task }) => !task.completed).length;
  if (strokes.length === 0) return "No task has a time today.";
  return `${strokes.length} ${strokes.length === 1 ? "task has" : "tasks have"} a time today, ${left} still to do.`;
}
