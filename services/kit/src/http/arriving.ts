import { Problem } from "../service/problem.ts";
import { whileClientSends } from "../service/work-limit.ts";

/** A body may take this long to arrive as a whole: a quarter of a megabyte over the slowest lines people use. */
const maxArrivalMs = 10_000;

/**
 * The parts of a request's body as they come. The time limit of the answer stands still meanwhile: how fast a client sends is its own affair.
 * @throws Problem 408 when the body is not there in time, or the client goes away before its end.
 */
export async function* arriving(request: Request, maxMs = maxArrivalMs): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("the body did not arrive in time")), maxMs);
  // Nobody may be waiting when it comes.
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
    // What still comes is not ours to keep; it fails when the client has gone, which is then known.
    reader.cancel().catch(() => {});
  }
}

const cutShort = (cause: unknown): Problem =>
  new Problem("request_timeout", "The request's body did not arrive in time. Send it again.", { cause });
