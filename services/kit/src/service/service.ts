import { clockHealth, isTimeKnown } from "../clock.ts";
import { isDatabaseAway } from "../database/trouble.ts";
import { answer, toResponse } from "../http/answer.ts";
import { createOpenAnswers } from "../http/open-answers.ts";
import { within } from "../loop/deadline.ts";
import { stuckLoops } from "../loop/watch.ts";
import { beginApp } from "./begin-app.ts";
import type { DoorOptions } from "./door-options.ts";
import { type Probes, stateOf } from "./health.ts";
import { Problem } from "./problem.ts";
import { unknownRoute } from "./unknown-route.ts";

export type ServiceOptions = Omit<DoorOptions, "unknown"> & {
  /** Rejects while the service cannot work (PostgreSQL away). */
  ready?: () => Promise<void>;
  /** How the parts that this service needs are, for `GET /health`. */
  health?: Probes;
};

/**
 * The public door, with health (`/health`, `/health/live`, `/health/ready`, `/ready`). Services
 * `.use()` their routes on it; the sidecar and neighbours have another door
 * (`createInternalService`).
 */
export function createService(options: ServiceOptions) {
  return beginApp({ answers: answersOfProcess, ...options, unknown: unknownRoute })
    .get("/health/live", () => toResponse(answer(200, { status: "ok" })), hidden)
    .get("/health/ready", () => readiness(options), hidden)
    .get("/ready", () => readiness(options), hidden)
    .get("/health", async () => toResponse(answer(200, await healthOf(options))), hidden);
}

/** Large answers count together, whichever service of this process gives them. */
const answersOfProcess = createOpenAnswers();

const hidden = { detail: { hide: true } };

async function healthOf({ name, health = {} }: ServiceOptions): Promise<Record<string, string>> {
  const stuck = stuckLoops(name);
  const loops = stuck.length === 0 ? "ok" : `stuck: ${stuck.join(", ")}`;
  const clock = clockHealth();
  return { status: "ok", service: name, loops, ...(clock === null ? {} : { clock }), ...(await stateOf(health)) };
}

const readyMs = 2_000;

async function readiness({ name, ready }: ServiceOptions): Promise<Response> {
  const stuck = stuckLoops(name);
  const headers = { "retry-after": "2" };
  if (stuck.length > 0) throw new Problem("unavailable", `Background work is stuck: ${stuck.join(", ")}.`, { headers });
  if (!isTimeKnown()) throw new Problem("unavailable", "The time is not known yet.", { headers });
  try {
    await within(readyMs, "readiness", Promise.resolve(ready?.()));
    return toResponse(answer(200, { status: "ready" }));
  } catch (cause) {
    const detail = isDatabaseAway(cause) ? "The database cannot be reached." : "Not ready yet.";
    throw new Problem("unavailable", detail, { headers, cause });
  }
}
