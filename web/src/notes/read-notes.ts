/**
 * A description as a small tree: lines, lists, ticks and links. Whatever it is not stays text, and the pages draw each part by itself, so
 * that no text can become markup.
 */
export type Inline = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

/** `line` is the place of the item in the description; `done` is null where the item is no tick. */
export type Item = { line: number; done: boolean | null; inlines: Inline[] };

export type Block =
  | { kind: "lines"; lines: Inline[][] }
  | { kind: "bullets"; items: Item[] }
  | { kind: "numbers"; from: number; items: Item[] };

const bullet = /^\s{0,6}[-*•]\s+(?:\[([ xX])\]\s+)?(\S.*)$/;
const numbered = /^\s{0,6}(\d{1,4})[.)]\s+(\S.*)$/;

/** The blocks of a description, in its order. */
export function readNotes(text: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const [line, words] of text.split(/\r?\n/).entries()) {
    if (words.trim() === "") isOpen = false;
    else {
      addLine(blocks, words, { line, isOpen });
      isOpen = true;
    }
  }
  return blocks;
}

function addLine(blocks: Block[], words: string, { line, isOpen }: { line: number; isOpen: boolean }): void {
  const last = isOpen ? blocks.at(-1) : undefined;
  const tick = bullet.exec(words);
  const number = tick ? null : numbered.exec(words);
  if (tick) {
    const done = tick[1] === undefined ? null : tick[1] !== " ";
    const item = { line, done, inlines: readInlines(tick[2] ?? "") };
    if (last?.kind === "bullets") last.items.push(item);
    else blocks.push({ kind: "bullets", items: [item] });
  } else if (number) {
    const item = { line, done: null, inlines: readInlines(number[2] ?? "") };
    if (last?.kind === "numbers") last.items.push(item);
    else blocks.push({ kind: "numbers", from: Number(number[1]), items: [item] });
  } else if (last?.kind === "lines") last.lines.push(readInlines(words));
  else blocks.push({ kind: "lines", lines: [readInlines(words)] });
}

const link = /\[([^[\]\n]{1,500})\]\((https?:\/\/[^\s()<>"]{1,2000})\)|https?:\/\/[^\s<>"]{1,2000}/gi;

/** Text with its links: addresses of the web, bare or as `[words](address)`. */
export function readInlines(text: string): Inline[] {
  const inlines: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(link)) {
    const [whole, words, address] = found;
    const bare = whole.replace(/[.,;:!?'’)\]]+$/, "");
    const href = address ?? (whole.includes("(") ? whole : bare);
    if (!isWebAddress(href)) continue;
    if (found.index > from) inlines.push({ kind: "text", text: text.slice(from, found.index) });
    inlines.push({ kind: "link", text: words ?? href, href });
    from = found.index + (words === undefined ? href.length : whole.length);
  }
  if (from < text.length) inlines.push({ kind: "text", text: text.slice(from) });
  return inlines;
}

function isWebAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username } = new URL(address);
  return (protocol === "https:" || protocol === "http:") && username === "";
}

/** The description with the tick of that line set or taken off; null when there is none with these words any more. */
export function turnTick(text: string, line: number, words: string): string | null {
  const lines = text.split("\n");
  const found = lines[line];
  if (found === undefined || bullet.exec(found.replace(/\r$/, ""))?.[2] !== words) return null;
  const turned = found.replace(/\[([ xX])\]/, (_, mark: string) => (mark === " " ? "[x]" : "[ ]"));
  if (turned === found) return null;
  lines[line] = turned;
  return lines.join("\n");
}

/** The words behind the tick of that line, as `turnTick` expects them; "" without one. */
export const wordsOfTick = (text: string, line: number): string =>
  bullet.exec(text.split(/\r?\n/)[line] ?? "")?.[2] ?? "";
