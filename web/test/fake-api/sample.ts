import type { NewTask } from "@carillon/contracts/http/tasks";
import { dayOf, instantOf } from "../../src/time.ts";

/** A realistic week of tasks around `now`, as bodies for `POST /api/tasks`; the last ones are completed. */
export function sampleTasks(now: Date, zone: string): { open: NewTask[]; done: NewTask[] } {
  const at = (days: number, time: string) => ({
    due_date: instantOf({ date: dayOf(now, zone, days).date, time }, zone),
  });
  const day = (days: number) => ({ ...at(days, "00:00"), all_day: true });
  return {
    open: [
      { title: "Call the roofer about the loose tile", ...at(-2, "09:00"), priority: "high", tags: ["home"] },
      { title: "Send the invoice for October", ...day(-1), priority: "urgent", tags: ["work", "money"] },
      { title: "Pick up the parcel", ...at(0, "17:30"), tags: ["errands"], priority: "low" },
      {
        title: "Prepare slides for Monday’s review",
        ...at(0, "19:00"),
        priority: "high",
        tags: ["work"],
        description: "Numbers from Q3.",
      },
      { title: "Water the plants", ...day(0), recurring_pattern: "weekly", tags: ["home"], priority: "low" },
      {
        title: "Team standup",
        ...at(1, "09:00"),
        recurring_pattern: "daily",
        tags: ["work"],
        reminders: [{ before: "15m" }],
      },
      { title: "Dentist", ...at(1, "11:15"), tags: ["health"], priority: "high" },
      { title: "Book the train to Ghent for the carillon concert", ...at(3, "12:00"), tags: ["travel"] },
      { title: "Renew the library card", ...day(4), tags: ["errands"], priority: "low" },
      { title: "Quarterly tax return", ...at(9, "18:00"), priority: "urgent", tags: ["money"] },
      { title: "Learn to read figured bass", tags: ["music"] },
      { title: "Ask Ines for the name of that bakery near the canal", priority: "low", tags: [] },
    ],
    done: [
      { title: "Reply to the landlord", ...at(0, "08:30"), tags: ["home"] },
      { title: "Morning run", ...at(0, "07:00"), tags: ["health"], priority: "low" },
    ],
  };
}
