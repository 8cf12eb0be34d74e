import { describe, expect, test } from "bun:test";
import { readCommand } from "./read-command.ts";

const words = (text: string) => ({ kind: "words", words: text });
const it = { kind: "it" };

describe("English", () => {
  test.each([
    ["Create a daily task: Team standup at 9 AM", { do: "create", text: "Create a daily task: Team standup at 9 AM" }],
    [
      "Remind me to submit report by Friday 5 PM, remind me 1 day before",
      { do: "create", text: "Remind me to submit report by Friday 5 PM, remind me 1 day before" },
    ],
    ["What is overdue?", { do: "list", list: "overdue" }],
    ["overdue", { do: "list", list: "overdue" }],
    ["Show me my overdue tasks", { do: "list", list: "overdue" }],
    ["Complete the report", { do: "complete", target: words("report") }],
    ["mark the dentist as done", { do: "complete", target: words("dentist") }],
    ["The report is done.", { do: "complete", target: words("report") }],
    ["I finished the report", { do: "complete", target: words("report") }],
    ["what is done", { do: "list", list: "completed" }],
    ["Complete it", { do: "complete", target: it }],
    ["complete 2", { do: "complete", target: { kind: "place", place: 2 } }],
    ["Move it to Monday", { do: "move", target: it, to: "Monday" }],
    ["move the report to friday at 9", { do: "move", target: words("report"), to: "friday at 9" }],
    ["delete buy milk", { do: "delete", target: words("buy milk") }],
    ["snooze it for 15 minutes", { do: "snooze", target: it, minutes: 15 }],
    ["snooze the report an hour", { do: "snooze", target: words("report"), minutes: 60 }],
    ["remind me 1 day before", { do: "remind", before: "1d" }],
    ["set the report to high", { do: "priority", target: words("report"), priority: "high" }],
    ["rename it to Final report", { do: "rename", target: it, title: "Final report" }],
    ["what is due tomorrow?", { do: "day", words: "tomorrow" }],
    ["What do I have on Friday?", { do: "day", words: "Friday" }],
    ["what's on today", { do: "day", words: "today" }],
    ["show my tasks", { do: "list", list: "open" }],
    ["what is due this week", { do: "list", list: "week" }],
    ["find dentist", { do: "find", words: "dentist" }],
    ["skip it", { do: "skip", target: it }],
    ["reopen the report", { do: "reopen", target: words("report") }],
    ["yes", { do: "yes" }],
    ["no", { do: "no" }],
    ["undo that", { do: "undo" }],
    ["hello", { do: "help" }],
  ])("%s", (message, command) => {
    expect(readCommand(message, "en")).toEqual({ command: command as never, language: "en" });
  });

  test("a sentence that is no command is none", () => {
    for (const message of ["I like turtles", "the weather", "buy milk tomorrow"])
      expect(readCommand(message, "en")).toBeNull();
  });
});

describe("German", () => {
  test.each([
    ["Was ist überfällig?", { do: "list", list: "overdue" }],
    ["Erledige den Bericht", { do: "complete", target: words("Bericht") }],
    ["Der Bericht ist fertig", { do: "complete", target: words("Bericht") }],
    ["Verschiebe es auf Montag", { do: "move", target: it, to: "Montag" }],
    ["Lösche die Miete", { do: "delete", target: words("Miete") }],
    ["Erinnere mich 1 Tag vorher", { do: "remind", before: "1d" }],
    ["Erinnere mich morgen um 8 an die Wäsche", { do: "create", text: "Erinnere mich morgen um 8 an die Wäsche" }],
    ["Was steht heute an?", { do: "day", words: "heute" }],
    ["Zeig meine Aufgaben", { do: "list", list: "open" }],
    ["ja", { do: "yes" }],
  ])("%s", (message, command) => {
    expect(readCommand(message, "en")).toEqual({ command: command as never, language: "de" });
  });
});
