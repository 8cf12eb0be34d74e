import type { TaskCounts } from "@carillon/contracts/http/tasks";
import type { IconName } from "./icon.tsx";

/** The place of a page in the navigation; a tag's page is `tag:` and its name. */
export type Place =
  | "inbox"
  | "today"
  | "upcoming"
  | "month"
  | "done"
  | "all"
  | "chat"
  | "tags"
  | "notifications"
  | "insights"
  | "trash"
  | "settings"
  | "more"
  | `tag:${string}`
  | null;

export type Link = {
  place: Place;
  href: string;
  label: string;
  icon: IconName;
  /** Open tasks there; 0 is not shown. */
  count?: number;
  late?: number;
};

/** The lists of every day, with how many tasks wait in each. */
export const listLinks = (counts: TaskCounts): Link[] => [
  { place: "inbox", href: "/inbox", label: "Inbox", icon: "inbox", count: counts.inbox },
  { place: "today", href: "/today", label: "Today", icon: "sun", count: counts.today, late: counts.overdue },
  { place: "upcoming", href: "/upcoming", label: "Upcoming", icon: "calendar" },
  { place: "month", href: "/month", label: "Month", icon: "month" },
  { place: "all", href: "/all", label: "All tasks", icon: "list" },
  { place: "done", href: "/done", label: "Done", icon: "check" },
];

/** What is needed less often. A further page of the account belongs here. */
export const otherLinks: readonly Link[] = [
  { place: "chat", href: "/chat", label: "Chat", icon: "note" },
  { place: "notifications", href: "/notifications", label: "Reminders", icon: "bell" },
  { place: "tags", href: "/tags", label: "Tags", icon: "tag" },
  { place: "insights", href: "/insights", label: "Insights", icon: "chart" },
  { place: "trash", href: "/trash", label: "Trash", icon: "trash" },
  { place: "settings", href: "/settings", label: "Settings", icon: "settings" },
];
