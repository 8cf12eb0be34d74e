/**
 * Every key, what it does and how the help calls it. The page's script takes its keys from the help that this table draws, so each key
 * of this table works, and no other does. `does` is a name of `carillon.does`.
 */
export const keys: readonly { group: string; keys: readonly { key: string; does: string; what: string }[] }[] = [
  {
    group: "Anywhere",
    keys: [
      { key: "n", does: "add", what: "Add a task" },
      { key: "/", does: "find", what: "Search" },
      { key: "z", does: "undo", what: "Undo the last act" },
      { key: "g i", does: "inbox", what: "Go to the inbox" },
      { key: "g t", does: "today", what: "Go to today" },
      { key: "g u", does: "upcoming", what: "Go to upcoming" },
      { key: "g m", does: "month", what: "Go to the month" },
      { key: "g a", does: "all", what: "Go to all tasks" },
      { key: "?", does: "help", what: "Keyboard shortcuts" },
    ],
  },
  {
    group: "In a list",
    keys: [
      { key: "j", does: "next", what: "Next task" },
      { key: "k", does: "previous", what: "Previous task" },
      { key: "ArrowDown", does: "next", what: "Next task" },
      { key: "ArrowUp", does: "previous", what: "Previous task" },
      { key: "o", does: "open", what: "Open the task" },
      { key: "x", does: "select", what: "Select it, or not" },
      { key: "J", does: "select-down", what: "Select it and the next" },
      { key: "*", does: "select-all", what: "Select all shown" },
    ],
  },
  {
    group: "On a task, or on all that are selected",
    keys: [
      { key: "c", does: "complete", what: "Complete it, or reopen it" },
      { key: "t", does: "date", what: "Set its date" },
      { key: "e", does: "title", what: "Change its title" },
      { key: "#", does: "tags", what: "Add tags" },
      { key: "r", does: "reminders", what: "Set a reminder" },
      { key: "1", does: "urgent", what: "Urgent" },
      { key: "2", does: "high", what: "High priority" },
      { key: "3", does: "medium", what: "Medium priority" },
      { key: "4", does: "low", what: "Low priority" },
      { key: "Delete", does: "delete", what: "Delete it" },
    ],
  },
];

/** The same as commands of the palette: what a key does can be found by its words. `onTask`: there must be a task to do it to. */
export const commands: readonly { does: string; what: string; key: string; onTask: boolean }[] = keys.flatMap(
  ({ group, keys: ofGroup }) =>
    ofGroup
      .filter(({ does }) => !["find", "next", "previous", "open", "select-down"].includes(does))
      .map((one) => ({ ...one, onTask: group.startsWith("On a task") || one.does === "select" })),
);
