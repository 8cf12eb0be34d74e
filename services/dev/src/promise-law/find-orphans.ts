import { type CheckedFile, readFiles } from "./kinds.ts";
import { mustBeAsync } from "./must-be-async.ts";
import { excerpt, isFunction } from "./syntax.ts";
import type { Complaint } from "./under-way.ts";
import { walkFunction } from "./walk.ts";

/** A place where a promise can be left behind. `line` counts from 1. */
export type Orphan = { file: string; line: number; what: string; why: string };

/**
 * Code that only tests run: ending early there fails its test, as it should; but no promise may be
 * started and never awaited.
 */
const ofTests = /\.test\.tsx?$|\/(test|bench|testing|e2e|lab|image|dev)\//;

/** Every place of that TypeScript project, without `node_modules`, where a started promise can be left behind. */
export async function findOrphans(config: string): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  for await (const checked of readFiles(config, (file) => !file.includes("/node_modules/"))) {
    const { file } = checked;
    for (const { at, why } of complaintsOf(checked)) {
      const { line } = file.getLineAndCharacterOfPosition(at.getStart());
      orphans.push({ file: file.fileName, line: line + 1, what: excerpt(at), why });
    }
  }
  return orphans;
}

function complaintsOf({ file, nodes, kindOf }: CheckedFile): Complaint[] {
  const functions = nodes.filter(isFunction);
  const orphaned = [file, ...functions.flatMap(({ body }) => body ?? [])].flatMap((body) => walkFunction(body, kindOf));
  if (ofTests.test(file.fileName)) return orphaned.filter(({ isFloating }) => isFloating);
  return [...orphaned, ...functions.flatMap((each) => mustBeAsync(each, kindOf) ?? [])];
}
