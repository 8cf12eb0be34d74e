import { beforeOf, type Command, minutesOf, type Rule, targetOf } from "./command.ts";

const english = {
  it: /^(it|that|this|that one|this one|the (last )?one)$/i,
  them: /^(them|those|these|all( of)?( them| those)?)$/i,
  article: /^(the|my|a|an|task|todo)\s+(task\s+|todo\s+)?/i,
};
const target = (text = "") => targetOf(text, english);
const rule = (words: RegExp, means: Rule["means"]): Rule => ({ words, means });

const toTask = (verb: "complete" | "reopen" | "delete" | "restore" | "skip" | "show") => (g: Record<string, string>) =>
  ({ do: verb, target: target(g.what) }) as Command;

const ask =
  "(?:what(?:'s| is| are| do i have)?|which|show|list|any|anything|tell me|give me|do i have|is there|are there|how many|see)";
const list = (topic: string) => new RegExp(`^(?:${ask}\\b.*\\b)?(?:${topic})\\b.*$`, "i");
const amount = "(?<amount>\\d{1,3}|an?|one)";
const unit = "(?<unit>m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?)";
const priority = "(?<priority>low|medium|high|urgent)";

/** The commands of English, the narrower before the wider. */
export const englishRules: readonly Rule[] = [
  rule(/^(yes|y|yep|yeah|ok|okay|sure|do it|confirm|go ahead|please do)( please)?$/i, () => ({ do: "yes" })),
  rule(/^(no|n|nope|cancel|don't|do not|never ?mind|stop)$/i, () => ({ do: "no" })),
  rule(/^(undo|take (it|that) back|revert)( it| that| everything| all)?$/i, () => ({ do: "undo" })),
  rule(/^(help|hi|hello|hey|what can (you|i) (do|say|ask).*|commands)$/i, () => ({ do: "help" })),
  rule(/^#?(?<place>\d{1,2})[.)]?$/, (g) => ({ do: "choose", place: Number(g.place) })),
  rule(
    new RegExp(`^(?:please )?(?:also )?remind me (?:again )?${amount} ?${unit} (?:before|earlier)(?: it)?$`, "i"),
    (g) => ({
      do: "remind",
      before: beforeOf(g.amount ?? "", g.unit ?? ""),
    }),
  ),
  rule(/^(create|add|make|new|remind|schedule|put|note|jot)\b/i, () => ({ do: "create", text: "" })),
  rule(list("overdue|late"), () => ({ do: "list", list: "overdue" })),
  rule(list("completed|finished|done"), (g) => (isVerb(g) ? null : { do: "list", list: "completed" })),
  rule(list("trash|deleted"), () => ({ do: "list", list: "trash" })),
  rule(new RegExp(`^(?:${ask}\\b.*\\b)?(?:my |the )?tags$`, "i"), () => ({ do: "list", list: "tags" })),
  rule(new RegExp(`^${ask}\\b.*\\b(reminders?|notifications?|rings?)\\b.*$`, "i"), () => ({
    do: "list",
    list: "reminders",
  })),
  rule(/^(how (am i doing|productive).*|(show )?(my )?(insights|statistics|stats))$/i, () => ({
    do: "list",
    list: "insights",
  })),
  rule(list("this week|coming week|upcoming|next (7|seven) days"), () => ({ do: "list", list: "week" })),
  rule(
    /^(?:please )?(?:mark|set) (?<what>.+?) (?:as )?(?:not done|open|pending|incomplete|undone)$/i,
    toTask("reopen"),
  ),
  rule(/^(?:please )?(?:reopen|uncomplete|uncheck) (?<what>.+)$/i, toTask("reopen")),
  rule(/^(?:please )?(?:mark|set) (?<what>.+?) (?:as )?(?:done|completed?|finished)$/i, toTask("complete")),
  rule(/^(?:please )?(?:complete|finish|tick off|check off|tick|close)(?: off)? (?<what>.+)$/i, toTask("complete")),
  rule(/^i(?:'ve| have)?(?: just)? (?:did|done|finished|completed) (?:with )?(?<what>.+)$/i, toTask("complete")),
  rule(/^(?<what>.+?) (?:is|are) (?:done|finished|completed?)$/i, toTask("complete")),
  rule(/^(?:please )?(?:delete|remove|trash|throw away|get rid of) (?<what>.+)$/i, toTask("delete")),
  rule(/^(?:please )?(?:restore|undelete|bring back|recover) (?<what>.+)$/i, toTask("restore")),
  rule(/^(?:please )?skip (?<what>.+)$/i, toTask("skip")),
  rule(new RegExp(`^(?:please )?snooze(?: (?<what>.+?))?(?: for| by)? ${amount} ?${unit}$`, "i"), (g) => ({
    do: "snooze",
    target: target(g.what ?? "it"),
    minutes: minutesOf(g.amount ?? "", g.unit ?? ""),
  })),
  rule(
    new RegExp(
      `^(?:please )?(?:set|make|change|mark)(?: the)?(?: priority of)? (?<what>.+?)(?:'s priority)? (?:to |as )?${priority}(?: priority)?$`,
      "i",
    ),
    (g) => ({
      do: "priority",
      target: target(g.what),
      priority: (g.priority ?? "medium").toLowerCase() as "low",
    }),
  ),
  rule(/^(?:please )?rename (?<what>.+?) (?:to|as) (?<title>.+)$/i, (g) => ({
    do: "rename",
    target: target(g.what),
    title: g.title ?? "",
  })),
  rule(
    /^(?:please )?(?:move|reschedule|postpone|push|shift|delay|change|set)(?: the date of)? (?<what>.+?) (?:to|until|till|by|for|on) (?<to>.+)$/i,
    (g) => ({ do: "move", target: target(g.what), to: g.to ?? "" }),
  ),
  rule(/^(?:please )?(?:find|search(?: for)?|look for|look up) (?<what>.+)$/i, (g) => ({
    do: "find",
    words: g.what ?? "",
  })),
  rule(/^(?:show|open|read)(?: me)? (?<what>it|that|this|#?\d+|"[^"]+")$/i, toTask("show")),
  rule(new RegExp(`^${ask}\\b(?<rest>.*)$`, "i"), (g) => {
    const words = (g.rest ?? "")
      .replace(
        /\b(me|my|the|all|is|are|there|do|does|i|have|tasks?|todos?|to do|due|on|for|still|open|plan(?:ned)?|left|scheduled|up)\b/gi,
        " ",
      )
      .replace(/\s+/g, " ")
      .trim();
    return words === "" ? { do: "list", list: "open" } : { do: "day", words };
  }),
  rule(/^(my |the |all )?(open |pending )?(tasks|todos|list)$/i, () => ({ do: "list", list: "open" })),
  rule(/^(today|tomorrow|tonight|this weekend)$/i, (g) => ({ do: "day", words: g[0] ?? "" })),
];

/** `The report is done` completes; `what is done` asks. */
const isVerb = (g: Record<string, string>): boolean =>
  !new RegExp(`^(${ask}|completed|finished|done)\\b`, "i").test(g[0] ?? "") ||
  /^(done|finished|completed) with\b/i.test(g[0] ?? "");
