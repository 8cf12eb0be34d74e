/** One line of a calendar: `DUE;TZID=Europe/Berlin:20261201T090000`. */
export type Property = { name: string; params: Map<string, string>; value: string };

/** A component with what is directly within it; `line` is where it begins. */
export type Component = { name: string; line: number; properties: Property[]; components: Component[] };

/** Maximum depth, and lines of a component: a task with twenty alarms has some 150. */
const [maxDepth, maxLines] = [6, 5_000];

/** The components of a calendar (RFC 5545 §3.4), or the line that is none and why. */
export function readIcs(text: string): { components: Component[]; fault: { line: number; detail: string } | null } {
  const top: Component = { name: "", line: 0, properties: [], components: [] };
  const open = [top];
  let line = 0;
  for (const { text: folded, line: at } of unfolded(text)) {
    line = at;
    const property = propertyOf(folded);
    const here = open.at(-1) ?? top;
    if (property === null) return { components: [], fault: { line, detail: "is no line of a calendar" } };
    if (property.name === "BEGIN") {
      if (open.length > maxDepth) return { components: [], fault: { line, detail: "is nested too deep" } };
      const made = { name: property.value.trim().toUpperCase(), line, properties: [], components: [] };
      here.components.push(made);
      open.push(made);
    } else if (property.name === "END") {
      if (open.length === 1 || here.name !== property.value.trim().toUpperCase())
        return { components: [], fault: { line, detail: "ends what was not open" } };
      open.pop();
    } else if (here.properties.push(property) > maxLines)
      return { components: [], fault: { line, detail: `is one of more than ${maxLines} lines of one component` } };
  }
  if (open.length > 1)
    return { components: [], fault: { line, detail: "is the last one, and something has not ended" } };
  return { components: top.components, fault: null };
}

function* unfolded(text: string): Generator<{ text: string; line: number }> {
  let [whole, from, line] = ["", 1, 0];
  for (const one of text.split(/\r?\n/)) {
    line++;
    if (/^[ \t]/.test(one)) {
      whole += one.slice(1);
      continue;
    }
    if (whole.trim() !== "") yield { text: whole, line: from };
    [whole, from] = [one, line];
  }
  if (whole.trim() !== "") yield { text: whole, line: from };
}

function propertyOf(line: string): Property | null {
  const name = /^[A-Za-z0-9-]+/.exec(line)?.[0];
  if (name === undefined) return null;
  const params = new Map<string, string>();
  let at = name.length;
  while (line[at] === ";") {
    const param = /^;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,])*(?:,(?:"[^"]*"|[^";:,])*)*)/.exec(line.slice(at, at + 2_000));
    if (!param) return null;
    params.set((param[1] ?? "").toUpperCase(), (param[2] ?? "").replaceAll('"', ""));
    at += param[0].length;
  }
  return line[at] === ":" ? { name: name.toUpperCase(), params, value: line.slice(at + 1) } : null;
}

/** A value of text as it was before it was escaped. */
export const textOf = (value: string): string =>
  value.replaceAll(/\\([\\;,nN])/g, (_, sign: string) => (sign === "n" || sign === "N" ? "\n" : sign));

/** The texts of a list, parted by the commas that are not escaped. */
export const textsOf = (value: string): string[] => (value.match(/(?:\\.|[^\\,])+/g) ?? []).map(textOf);
