import type { Alarms } from "@carillon/kit/ports";
import { askSidecar, refusalOf, type ToSidecar, unavailable } from "./sidecar.ts";

export type DaprAlarmsOptions = ToSidecar & { timeoutMs?: number };

/** The path of 1.16 that current releases still serve; `v1.0/jobs` came with 1.18. */
const jobsPath = "/v1.0-alpha1/jobs/";

/**
 * Set on every job, because by default a job is dropped 3 s after its app was away: without
 * `maxRetries` it rings until it is answered.
 */
const failurePolicy = { constant: { interval: "1s" } };

const away = "The scheduler cannot be reached.";

/**
 * Alarms as one-shot jobs of Dapr's scheduler, which rings `POST /job/<name>` at the app whose sidecar
 * set them. An existing name is overwritten. A scheduler that is away makes the sidecar hang, hence
 * a time limit of our own.
 */
export function daprAlarms({ timeoutMs = 2_000, ...to }: DaprAlarmsOptions): Alarms {
  async function ask(method: "POST" | "DELETE", name: string, body: unknown): Promise<void> {
    const question = {
      method,
      path: jobsPath + encodeURIComponent(name),
      body: body === null ? null : JSON.stringify(body),
      timeoutMs,
      away,
    };
    const answer = await askSidecar(to, question).catch((problem: unknown) => {
      // Without the scheduler the sidecar does not answer; without the sidecar the scheduler cannot be
      // reached.
      to.note?.("jobs", false);
      throw problem;
    });
    to.note?.("jobs", answer.ok);
    if (!answer.ok) throw unavailable(away, refusalOf(answer));
  }

  return {
    set: async (name, dueAt, data) =>
      ask("POST", name, { dueTime: dueAt.toISOString(), data: data ?? null, overwrite: true, failurePolicy }),
    clear: (name) => ask("DELETE", name, null),
  };
}
