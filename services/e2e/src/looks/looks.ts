import type { Page } from "playwright-core";
import type { Person } from "./people.ts";

/** A page, or a state of one, as pictures and checks look at it. */
export type Look = {
  name: string;
  path: (person: Person | null) => string;
  /** What is done before it is looked at. */
  act?: (page: Page) => Promise<void>;
  as?: "person" | "newcomer" | "visitor";
};

const at = (path: string) => () => path;
const task = (title: string) => (person: Person | null) => `/tasks/${person?.tasks.get(title)}?back=/today`;
const firstRow = (page: Page) => page.locator("#list li[data-task] a.task-title").first();

export const looks: readonly Look[] = [
  { name: "today", path: at("/today") },
  {
    name: "today-row",
    path: at("/today"),
    act: async (page) => {
      await page.locator("#list li[data-task]").nth(4).hover();
      await firstRow(page).focus();
    },
  },
  {
    name: "today-date",
    path: at("/today"),
    act: async (page) => {
      await firstRow(page).focus();
      await page.keyboard.press("t");
    },
  },
  {
    name: "today-menu",
    path: at("/today"),
    act: (page) => page.locator("[data-does=menu]").nth(3).click({ force: true }),
  },
  {
    name: "today-pane",
    path: at("/today"),
    act: async (page) => {
      await page.getByRole("link", { name: "Prepare slides for the review", exact: true }).last().click();
      await page.locator(".edit-form").waitFor();
    },
  },
  {
    name: "today-quick",
    path: at("/today"),
    act: async (page) => {
      await page.keyboard.press("n");
      await page.keyboard.type("pay rent every month on the 1st at 9 !high #home remind 1 day before");
      await page.locator(".understood-chip").first().waitFor();
    },
  },
  {
    name: "today-done",
    path: at("/today"),
    act: async (page) => {
      await page.getByRole("button", { name: /^Complete “Buy oat milk”/ }).click();
      await page.locator(".toast").waitFor();
      await page.keyboard.press("z");
      await page.getByText("Reopened").waitFor();
    },
  },
  {
    name: "today-palette",
    path: at("/today"),
    act: async (page) => {
      await firstRow(page).focus();
      await page.keyboard.press("/");
      await page.keyboard.type("re");
      await page.locator(".option mark").first().waitFor();
    },
  },
  {
    name: "today-chosen",
    path: at("/today"),
    act: async (page) => {
      await firstRow(page).focus();
      await page.keyboard.press("x");
      await page.keyboard.press("J");
    },
  },
  { name: "upcoming", path: at("/upcoming") },
  { name: "month", path: at("/month") },
  { name: "inbox", path: at("/inbox") },
  { name: "done", path: at("/done") },
  { name: "all", path: at("/all") },
  { name: "search", path: at("/all?search=the&status=any") },
  { name: "search-none", path: at("/all?search=nothing-like-it") },
  { name: "tag", path: at("/all?tag=home") },
  { name: "trash", path: at("/trash") },
  { name: "tags", path: at("/tags") },
  { name: "more", path: at("/more") },
  { name: "reminders", path: at("/notifications") },
  { name: "insights", path: at("/insights") },
  { name: "chat", path: at("/chat") },
  { name: "settings", path: at("/settings") },
  { name: "channels", path: at("/settings/channels") },
  { name: "calendars", path: at("/settings/calendars") },
  { name: "import", path: at("/settings/import") },
  { name: "task", path: task("Prepare slides for the review") },
  { name: "task-repeating", path: task("Team standup") },
  { name: "date-page", path: (person) => task("Dentist")(person).replace("?", "/date?") },
  { name: "first-run", path: at("/today"), as: "newcomer" },
  { name: "keys", path: at("/today"), act: (page) => page.keyboard.press("?") },
  { name: "not-found", path: at("/nowhere") },
  { name: "sign-in", path: at("/sign-in"), as: "visitor" },
  { name: "sign-up", path: at("/sign-up"), as: "visitor" },
];
