import { appTokenHeader, callerHeader, type ServiceName } from "@carillon/contracts/names";
import { TimeoutError, within } from "@carillon/kit/loop";
import { inCallSpan, sendCause } from "@carillon/kit/observe";
import type { Invoker } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";
import type { Door } from "./door.ts";

const usualMs = 5_000;

export type LocalInvokerOptions = {
  /** The internal doors of this process's services. */
  doors: Partial<Record<ServiceName, Door>>;
  appToken: string;
  /** The calling service: its neighbours receive this name, as from a sidecar. */
  from: ServiceName;
};

type Proof = Pick<LocalInvokerOptions, "appToken" | "from">;

/**
 * Calls neighbours in the same process through their doors. Request and response are serialised to
 * text and back, as on a network, so that nothing gets through that could not be sent.
 */
export function localInvoker({ doors, ...proof }: LocalInvokerOptions): Invoker {
  return {
    async call(service, request, { timeoutMs = usualMs } = {}) {
      const door = doors[service];
      if (!door) throw away(service, new Error(`${service} is not part of this process`));
      try {
        return await within(timeoutMs, service, carry(service, door, request, proof));
      } catch (cause) {
        throw away(service, cause);
      }
    },
  };
}

async function carry(service: ServiceName, door: Door, request: Request, { appToken, from }: Proof): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers([...request.headers]);
  headers.set(appTokenHeader, appToken);
  headers.set(callerHeader, from);
  sendCause(headers);
  const body = request.body === null ? null : await request.text();
  const carried = new Request(`http://localhost${pathname}${search}`, { method: request.method, headers, body });
  const answer = await inCallSpan({ peer: service, request: carried }, async (asked) => door.handle(asked));
  const { status } = answer;
  const text = await answer.text();
  const hasNoBody = status === 204 || status === 205 || status === 304;
  return new Response(hasNoBody ? null : text, { status, headers: new Headers([...answer.headers]) });
}

const away = (service: ServiceName, cause: unknown): Problem =>
  new Problem(
    "unavailable",
    `${service} ${cause instanceof TimeoutError ? "gave no answer in time" : "cannot be reached"}.`,
    {
      headers: { "retry-after": "2" },
      cause,
    },
  );
