import type { NewTask } from "@carillon/contracts/http/tasks";

/**
 * A task of the demo's week: `day` counts from today (−1 is yesterday), `at` is local time; without
 * `at` it takes the whole day.
 */
export type DemoTask = {
  title: string;
  day: number | null;
  at?: string;
  description?: string;
  priority?: NewTask["priority"];
  tags?: string[];
  pattern?: string;
  before?: string[];
  isDone?: boolean;
  isTrashed?: boolean;
};

export const demoTags: Record<string, string> = {
  work: "#2563eb",
  home: "#16a34a",
  health: "#dc2626",
  errands: "#d97706",
  reading: "#7c3aed",
};

/** One user's week: done, missed and upcoming tasks, and a few without a date. */
export const demoWeek: readonly DemoTask[] = [
  { title: "Send last month's invoice", day: -3, at: "11:00", tags: ["work"], priority: "high", isDone: true },
  { title: "Swim 1 km", day: -2, at: "07:30", tags: ["health"], isDone: true },
  { title: "Take back the library books", day: -2, tags: ["errands", "reading"], isDone: true },
  { title: "Reply to the landlord about the heating", day: -1, at: "18:00", tags: ["home"], priority: "high" },
  { title: "Buy a birthday card for Ines", day: -1, tags: ["errands"], isDone: true },
  {
    title: "Team standup",
    day: 0,
    at: "09:00",
    tags: ["work"],
    pattern: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    before: ["15m"],
  },
  {
    title: "Finish the quarterly report",
    day: 0,
    at: "17:00",
    tags: ["work"],
    priority: "urgent",
    before: ["1h"],
    description: "Figures are in the shared folder.\nStill missing: travel costs, the chart on page 4.",
  },
  { title: "Water the plants", day: 0, tags: ["home"], pattern: "FREQ=WEEKLY;INTERVAL=1" },
  { title: "Call the dentist for an appointment", day: 0, at: "12:30", tags: ["health"], isDone: true },
  {
    title: "Dinner with Ines and Jonas",
    day: 1,
    at: "19:30",
    tags: ["home"],
    before: ["2h"],
    description: "Table for four under the name Winter, by the window.",
  },
  { title: "Review Malik's design for the sign-in page", day: 1, at: "10:00", tags: ["work"], priority: "high" },
  { title: "Pick up the parcel at the post office", day: 2, tags: ["errands"] },
  { title: "Swim 1.5 km", day: 2, at: "07:30", tags: ["health"], before: ["12h"] },
  { title: "Dentist", day: 3, at: "08:15", tags: ["health"], priority: "high", before: ["1d", "1h"] },
  { title: "Prepare the slides for the talk", day: 3, at: "16:00", tags: ["work"] },
  { title: "Pay the rent", day: 5, tags: ["home"], priority: "urgent", pattern: "monthly", before: ["1d"] },
  { title: "Long walk by the river", day: 6, at: "10:00", tags: ["health"] },
  { title: "Renew the passport", day: 12, tags: ["errands"], priority: "low", before: ["1w"] },
  { title: "Read “The Left Hand of Darkness”", day: null, tags: ["reading"], priority: "low" },
  { title: "Find a better lamp for the desk", day: null, tags: ["home"] },
  { title: "Learn to bake sourdough", day: null, priority: "low", isTrashed: true },
];
