/**
 * `bun services/quick-add/bench/parse.ts`: how long one line takes, over the golden phrases, full lines and the longest text that is taken. The bar
 * is a 99th percentile of 2 ms for a phrase and for a full line; every phrase is read at moments of its own, so that nothing is remembered from the last
 * time. A phrase's figure is the median of its rounds: what other programs take meanwhile is no part of it.
 */
import { parse } from "../src/index.ts";
import { english, german } from "../src/testing/golden.ts";

const rounds = 60;
const barMs = 2;

type Line = { text: string; language: "en" | "de" };

const phrases: readonly Line[] = [
  ...english.map(([text]) => ({ text, language: "en" as const })),
  ...german.map(([text]) => ({ text, language: "de" as const })),
  { text: "pay rent every month on the 1st at 9 !high #home remind 1 day before", language: "en" },
];
const sentence = "call mum every friday at 9 or on the 1st of may #home ";
const long: readonly Line[] = [{ text: sentence.repeat(19).slice(0, 1_000), language: "en" }];

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

function measure(name: string, lines: readonly Line[]): number {
  const times = lines.map((): number[] => []);
  for (let round = -5; round < rounds; round++) {
    for (const [index, { text, language }] of lines.entries()) {
      const now = new Date(Date.UTC(2026, 10, 30, 9, 30) + (round * lines.length + index) * 3_600_000);
      const startedAt = performance.now();
      parse(text, { now, timeZone: "Europe/Berlin", language });
      if (round >= 0) times[index]?.push(performance.now() - startedAt);
    }
  }
  const all = ascending(times.flat());
  const medians = ascending(times.map((each) => at(ascending(each), 0.5)));
  const least = at(ascending(times.map((each) => Math.min(...each))), 1);
  const shown = (values: readonly number[]): string =>
    `p50 ${at(values, 0.5).toFixed(3)}, p99 ${at(values, 0.99).toFixed(3)}, max ${at(values, 1).toFixed(3)} ms`;
  process.stdout.write(
    `${name}: ${shown(medians)} of the medians; ${shown(all)} of all ${all.length}; the costliest at its quickest ${least.toFixed(3)} ms\n`,
  );
  return at(medians, 0.99);
}

/** A line of a form on a page, filled with what costs most. */
const full: readonly Line[] = [
  sentence,
  "mon ",
  "at 9 ",
  "1st and ",
  "3/4 5/6 ",
  "until friday ",
  "Sunday Times ",
  "in 3 days ",
].map((text) => ({ text: text.repeat(250).slice(0, 490), language: "en" }));

const p99 = Math.max(measure("phrases", phrases), measure("490 characters", full));
measure("1 000 characters", long);
measure("250 dates", [{ text: "3/4 5/6 ".repeat(125), language: "en" }]);
process.exit(p99 < barMs ? 0 : 1);
