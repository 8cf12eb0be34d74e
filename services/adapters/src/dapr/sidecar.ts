import { inCallSpan } from "@carillon/kit/observe";
import { Problem } from "@carillon/kit/service";

/** How to reach the sidecar of this process. */
export type ToSidecar = {
  /** Its address, without a path. */
  sidecar: URL;
  /** `DAPR_API_TOKEN`; empty: it requires none. */
  daprToken: string;
  fetch: (request: Request) => Promise<Response>;
  /** Receives what an answer reveals about a component behind the sidecar. */
  note?: (component: Component, works: boolean) => void;
};

/** The kinds that `dapr_component_health` distinguishes, whatever a platform's components are called. */
export type Component = "sidecar" | "pubsub" | "statestore" | "jobs";

export type Question = {
  method: string;
  path: string;
  headers?: Headers;
  body?: string | null;
  timeoutMs: number;
  /** The Problem's message when there is no answer. */
  away: string;
};

export type SidecarAnswer = { ok: boolean; status: number; headers: Headers; text: string };

/**
 * The sidecar's whole answer, whatever its status, with `dapr-api-token` sent along.
 * @throws Problem "unavailable" when there is none within `timeoutMs`.
 */
export async function askSidecar(to: ToSidecar, question: Question): Promise<SidecarAnswer> {
  const { method, path, body = null, timeoutMs, away } = question;
  const headers = new Headers(question.headers);
  if (to.daprToken) headers.set("dapr-api-token", to.daprToken);
  if (body !== null && !headers.has("content-type")) headers.set("content-type", "application/json");
  const request = new Request(new URL(path, to.sidecar), {
    method,
    headers,
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
  try {
    const answer = await inCallSpan({ peer: "sidecar", request, name: nameOf(path) }, to.fetch);
    // Read here, so that the time limit covers all of it.
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, headers: answer.headers, text };
  } catch (cause) {
    throw unavailable(away, cause);
  }
}

/** The request to the sidecar, without the ids of its path: `invoke api`, `publish task-events`, `jobs`. */
export function nameOf(path: string): string {
  const [, , block = "", ...rest] = path.split("/");
  if (block === "publish") return `publish ${rest.at(-1)?.split("?")[0]}`;
  return block === "jobs" ? block : [block, ...rest.slice(0, 1)].join(" ");
}

export const unavailable = (detail: string, cause: unknown): Problem =>
  new Problem("unavailable", detail, { headers: { "retry-after": "2" }, cause });

/** An unusable answer, as the cause of a problem. */
export const refusalOf = ({ status, text }: Pick<SidecarAnswer, "status" | "text">): Error =>
  new Error(`the sidecar answered ${status}: ${text.slice(0, 300)}`);
