import { Problem } from "../service/problem.ts";
import { whileClientSends } from "../service/work-limit.ts";

/** Maximum time for a whole body to arrive: a quarter of a megabyte over the slowest lines in use. */
const maxArrivalMs = 10_000;

/**
 * The parts of a request's body as they arrive. The time limit of the answer is suspended meanwhile,
 * because the client's speed is not ours.
 * @throws Problem 408 when the body is not there in time, or the client goes away before its end.
 */
export async function* arriving(request: Request, maxMs = maxArrivalMs): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("the body did not arrive in time")), maxMs);
  // No reader may be left when it arrives.
  late.promise.catch(() => {});
  try {
    while (true) {
      const { done, value } = await whileClientSends(request, () => Promise.race([reader.read(), late.promise]));
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw cutShort(cause);
  } finally {
    clearTimeout(timer);
    // Later parts are not kept; they fail when the client has gone, which is known by then.
    reader.cancel().catch(() => {});
  }
}

const cutShort = (cause: unknown): Problem =>
  new Problem("request_timeout", "The request's body did not arrive in time. Send it again.", { cause });
