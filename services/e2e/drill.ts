/**
 * `bun services/e2e/drill.ts [--tasks 100000]`: loses a database and gets it back from a copy and the archived log, then judges every promise.
 * Prints what it found; ends with `N passed, N failed`.
 */
import { drillRestore } from "./src/drill/restore-drill.ts";

const at = process.argv.indexOf("--tasks");
const tasks = at === -1 ? 100_000 : Number(process.argv[at + 1]);
const maxRestoreMs = 5 * 60_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { restoreMs, lost, surplus, broken, rings } = await drillRestore(tasks, say);
const judged: [string, boolean, unknown][] = [
  [`${tasks} tasks are back within five minutes`, restoreMs < maxRestoreMs, `${Math.round(restoreMs / 1_000)} s`],
  ["nothing confirmed before the instant is lost", lost.length === 0, lost.slice(0, 5)],
  ["nothing from after the instant is there", surplus.length === 0, surplus],
  ["every promise holds, histories included", Object.keys(broken).length === 0, broken],
  ["a reminder that was due meanwhile rang once", rings === 1, rings],
];
for (const [what, isSo, seen] of judged)
  say(`${isSo ? "ok  " : "FAIL"} ${what}${isSo ? "" : `: ${JSON.stringify(seen)}`}`);
const failed = judged.filter(([, isSo]) => !isSo).length;
say(`\n${judged.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
