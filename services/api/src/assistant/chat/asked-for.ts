/** Words of the user that ask for each tool that writes. What deletes is asked about anyway. */
const words: Record<string, RegExp> = {
  create_task:
    /\b(create|add|make|new|remind|schedul|put|plan|note|jot|set up|remember|need to|have to|erstell|neue|leg|erinner|notier|trag|plane|merk)/i,
  update_task:
    /\b(chang|set|updat|edit|rename|tag|label|priorit|urgent|important|describ|mark|remind|repeat|every|stop repeating|änder|setz|umbenenn|erinner|wichtig|dringend|jede)/i,
  reschedule_task:
    /\b(mov|resched|postpon|push|shift|delay|bring forward|chang|date|due|tomorrow|later|verschieb|verleg|morgen|später|auf)/i,
  complete_task: /\b(complet|finish|done|tick|check off|close|did|erledig|abhak|hak|fertig|gemacht)/i,
  reopen_task: /\b(reopen|uncomplet|uncheck|not done|undo|open again|wieder|rückgängig)/i,
  skip_occurrence: /\b(skip|leave out|miss|überspring|aus(fallen|lassen))/i,
  snooze_reminder: /\b(snooz|remind|later|again|schlummer|erinner|später)/i,
  restore_task: /\b(restor|undelet|bring back|recover|undo|wiederherstell|zurück)/i,
  rename_tag: /\b(renam|colou?r|chang|tag|umbenenn|farbe)/i,
  undo: /\b(undo|take back|revert|rückgängig|zurück)/i,
};

/** Of one turn, more changes than this take a yes, whatever asked for them. */
const maxChanges = 3;

/**
 * Judges the calls of one turn by the user's own words, which no text inside a task can change: a tool that the words do not ask for, and
 * more changes than a few, are proposed instead of done. Making tasks is bounded by the turn's calls.
 */
export function askedForBy(message: string): (tool: string, count: number) => boolean {
  let changed = 0;
  return (tool, count) => {
    if (!(words[tool]?.test(message) ?? false)) return false;
    if (tool === "create_task") return true;
    changed += count;
    return changed <= maxChanges;
  };
}
