import { Problem } from "./problem.ts";
import { contextOf, findContext, type WorkClock } from "./request-context.ts";

/**
 * The work's result, or a 503 after `limitMs`: a database that hangs must not hang its callers. Time
 * in which the client still sends (`whileClientSends`) does not count.
 */
export async function withinLimit(request: Request, limitMs: number, work: () => Promise<Response>): Promise<Response> {
  const late = Promise.withResolvers<never>();
  const context = contextOf(request);
  let leftMs = limitMs;
  let startedAt = 0;
  let timer: Timer | undefined;
  const clock: WorkClock = {
    hold() {
      clearTimeout(timer);
      leftMs -= performance.now() - startedAt;
    },
    goOn() {
      startedAt = performance.now();
      timer = setTimeout(() => late.reject(noAnswer()), Math.max(0, leftMs));
    },
  };
  context.clock = clock;
  clock.goOn();
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
    delete context.clock;
  }
}

/** The result of reading the client's body; meanwhile its request's limit is paused. */
export async function whileClientSends<Result>(request: Request, reading: () => Promise<Result>): Promise<Result> {
  const clock = findContext(request)?.clock;
  clock?.hold();
  try {
    return await reading();
  } finally {
    if (clock && findContext(request)?.clock === clock) clock.goOn();
  }
}

const noAnswer = (): Problem =>
  new Problem("unavailable", "No answer in time. Try again shortly.", { headers: { "retry-after": "2" } });
