import type { Visit } from "../door/visit.ts";
import { Empty } from "../ui/empty.tsx";
import { Html } from "../ui/html.ts";
import { countFilters, type ListAddress, listPath, noFilters, tagOf } from "./list-address.ts";

/** Lines that show what quick add understands; a press puts one into the field. */
const examples = [
  "pay rent every month on the 1st at 9 #home",
  "call mum sunday 18:00 remind 10 min before",
  "water plants every 3 days after completion",
];

/** The page of a list without tasks: what the place is for, and the next step. */
export const EmptyList = async ({ visit, address }: { visit: Visit; address: ListAddress }) => {
  const counts = await visit.counts();
  if (counts.open + counts.done_today === 0 && address.name !== "trash" && address.name !== "done")
    return <FirstRun sampleKey={visit.newKey()} />;
  switch (address.name) {
    case "today":
      return counts.done_today > 0 ? (
        <Empty title="All done for today">Everything due today is done. What comes next is under “Upcoming”.</Empty>
      ) : (
        <Empty title="Nothing is due today">Add a task for today, or look ahead under “Upcoming”.</Empty>
      );
    case "inbox":
      return <Empty title="The inbox is empty">Tasks without a date stay here until they get one.</Empty>;
    case "upcoming":
      return <Empty title="Nothing upcoming">Tasks with a date after today appear here, day by day.</Empty>;
    case "done":
      return <Empty title="Nothing done yet">A completed task moves here, under the day on which it was done.</Empty>;
    case "trash":
      return <Empty title="The trash is empty">A deleted task waits here for 30 days.</Empty>;
    case "all":
      return countFilters(address.filters) === 0 ? (
        <Empty title="No open tasks">Add a task above. With a date it appears under “Today” in time.</Empty>
      ) : (
        <NoneFits address={address} />
      );
  }
};

const NoneFits = ({ address }: { address: ListAddress }) =>
  tagOf(address) === null ? (
    <Empty title="No matching tasks">
      Nothing matches this search and these filters. <a href={listPath(address, noFilters)}>Show all open tasks</a>
    </Empty>
  ) : (
    <Empty title="No open task has this tag">
      A task written above gets it. <a href={listPath(address, { status: "any" })}>Show those that are done</a>
    </Empty>
  );

const FirstRun = ({ sampleKey }: { sampleKey: string }) => (
  <div class="first-run">
    <h2 class="empty-title">Write a line as you would say it</h2>
    <p class="empty-text">Carillon reads dates, repetition, reminders and tags in it. Try one of these:</p>
    <ul class="first-run-lines">
      {examples.map((line) => (
        <li>
          <a
            class="first-run-line"
            href={`/today?${new URLSearchParams({ write: line })}#new-title`}
            data-write={line}
            safe
          >
            {line}
          </a>
        </li>
      ))}
    </ul>
    <form class="first-run-sample" method="post" action="/sample-week">
      <input type="hidden" name="key" value={sampleKey} autocomplete="off" />
      <button type="submit" class="button">
        Show me a sample week
      </button>
      <p class="quiet">Eight tasks to look around in. One undo takes them away again.</p>
    </form>
    <p class="empty-text">
      <span class="scripted">
        Press <kbd>?</kbd> for the keys.{" "}
        <button type="button" class="link-button" data-does="allow-bells" hidden>
          Let Carillon ring in this browser
        </button>
      </span>
    </p>
  </div>
);
