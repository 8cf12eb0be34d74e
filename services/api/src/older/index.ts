import { createLoop } from "@carillon/kit/loop";
import type { ApiDeps } from "../deps.ts";
import { foldTagsOfNext } from "./fold-tags.ts";
import { partAgain } from "./part-again.ts";

const idleMs = 60_000;

/** Brings rows of older releases to what this one writes, in batches, from the start on; then it looks once a minute. */
export const keepUpToDate = (deps: ApiDeps) =>
  createLoop({
    name: "older-rows",
    service: "api",
    log: deps.log,
    work: async () => {
      const isMore = (await foldTagsOfNext(deps)) || !(await partAgain(deps));
      return isMore ? 0 : idleMs;
    },
  });
