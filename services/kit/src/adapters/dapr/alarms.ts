import type { Alarms } from "../../ports.ts";
import { Problem } from "../../problem.ts";

export type DaprAlarmsOptions = {
  /** Where the sidecar listens, without a path. */
  sidecar: URL;
  /** `DAPR_API_TOKEN`; empty: the sidecar asks for none. */
  daprToken: string;
  fetch: (request: Request) => Promise<Response>;
  timeoutMs?: number;
};

/** The path of 1.16 that current releases still serve; `v1.0/jobs` came with 1.18. */
const jobsPath = "/v1.0-alpha1/jobs/";

/** Set on every job: the default gives a job up 3 s after its app was away. Names are never used twice, so the ledger's sweep has the rest. */
const failurePolicy = { constant: { interval: "10s", maxRetries: 30 } };

/**
 * Alarms as one-shot jobs of Dapr's scheduler, which rings `POST /job/<name>` at the app whose sidecar set them. A name that is taken is
 * overwritten. A scheduler that is away makes the sidecar hang, hence a time limit of our own.
 */
export function daprAlarms({ sidecar, daprToken, fetch, timeoutMs = 2_000 }: DaprAlarmsOptions): Alarms {
  async function ask(method: "POST" | "DELETE", name: string, body: unknown): Promise<void> {
    const headers = new Headers({ "content-type": "application/json" });
    if (daprToken) headers.set("dapr-api-token", daprToken);
    const request = new Request(new URL(jobsPath + encodeURIComponent(name), sidecar), {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    try {
      const answer = await fetch(request);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`the sidecar answered ${answer.status}: ${text.slice(0, 200)}`);
    } catch (cause) {
      throw new Problem("unavailable", "The scheduler cannot be reached.", { cause });
    }
  }

  return {
    set: (name, dueAt, data) =>
      ask("POST", name, { dueTime: dueAt.toISOString(), data: data ?? null, overwrite: true, failurePolicy }),
    clear: (name) => ask("DELETE", name, null),
  };
}
