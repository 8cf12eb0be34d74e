import { field } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { dayOf, instantOf } from "../time.ts";

/** `day` counts from today; without `time` it is a whole day, without `day` the task has no date. */
type Sample = { title: string; day?: number; time?: string; tags: string; priority?: string } & Repeats;
type Repeats = { repeats?: string; reminder?: string };

/** What a list looks like in use: late, today, to come, repeating, with a reminder, without a date. */
const samples: readonly Sample[] = [
  { title: "Call the plumber about the tap", day: -1, time: "10:00", tags: "home", priority: "high" },
  { title: "Buy oat milk", day: 0, tags: "errands" },
  { title: "Water the plants", day: 0, tags: "home", repeats: "weekly" },
  { title: "Team meeting", day: 1, time: "09:00", tags: "work", repeats: "weekly", reminder: "15m" },
  { title: "Dentist", day: 2, time: "11:15", tags: "health", reminder: "1h" },
  { title: "Dinner with friends", day: 4, time: "19:30", tags: "" },
  { title: "Pay the rent", day: 6, time: "09:00", tags: "home,money", priority: "high", repeats: "monthly" },
  { title: "Learn a song by heart", tags: "music" },
];

/** `POST /sample-week`: the samples around the visitor's today. They come as one import, so that one undo removes them. */
export async function addSampleWeek(visit: Visit): Promise<Response> {
  const file = { type: "text/csv", bytes: new TextEncoder().encode(tableOf(visit)) };
  const { created, batch_id } = await visit.api.importFile(file, false, field(visit.form, "key") || visit.newKey());
  const undo = batch_id === null ? null : `/tasks/undo?${new URLSearchParams({ back: "/today", batch: batch_id })}`;
  const flash = { text: `Added ${created} sample tasks.`, ...(undo ? { undo: { action: undo, label: "Undo" } } : {}) };
  return seeOtherWith("/today", flash, visit);
}

const tableOf = ({ now, user: { time_zone } }: Visit): string =>
  [
    "title,due_date,time_zone,tags,priority,recurring_pattern,reminders",
    ...samples.map(({ title, day, time, tags, priority, repeats, reminder }) => {
      const date = day === undefined ? "" : dayOf(now, time_zone, day).date;
      const due = time === undefined ? date : instantOf({ date, time }, time_zone);
      return [title, due, time_zone, tags, priority, repeats, reminder].map((cell) => `"${cell ?? ""}"`).join();
    }),
  ].join("\n");
