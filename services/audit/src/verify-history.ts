import { type AuditVerification, InternalVerifyAudit } from "@carillon/contracts/http/audit";
import { answer, readQuery, toResponse } from "@carillon/kit/http";
import { TimeoutError, within } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import { type InternalRoute, Problem } from "@carillon/kit/service";
import type { Books } from "./books.ts";
import { chainOf } from "./read-chain.ts";
import { verifyChain } from "./verify-chain.ts";

type Limits = {
  /** How long one call waits; a longer verification continues, and the next call collects it. */
  waitMs: number;
  /** How long an uncollected result is kept. */
  keepMs: number;
  /** Maximum verifications under way; more would take the processor from the events. */
  atMost: number;
};

const limits: Limits = { waitMs: 2_000, keepMs: 60_000, atMost: 4 };

/**
 * `GET /internal/verify?user_id=…`: is this user's history intact? 503 with Retry-After while a long
 * one is still being read.
 */
export function verifyHistoryRoute({ books, log }: { books: Books; log: Log }): InternalRoute {
  const verifications = new Verifications(async (userId) => {
    const result = await verifyHistory(books, userId);
    const { ok, first_broken, reason } = result;
    if (!ok) log.error("a history is broken", { user_id: userId, first_broken, reason });
    return result;
  }, limits);
  return {
    method: "GET",
    path: "/internal/verify",
    callers: ["api"],
    async handle({ request }) {
      const { user_id } = readQuery(request, InternalVerifyAudit);
      return toResponse(answer(200, await verifications.of(user_id.toLowerCase())));
    },
  };
}

/** The user's chain against its seals and against what this process remembers. */
export async function verifyHistory({ sql, seals, marks }: Books, userId: string): Promise<AuditVerification> {
  // Taken before the first read of the database, so everything this process has committed is there.
  const mark = marks.of(userId);
  return verifyChain(chainOf(sql, userId), { seals, mark });
}

type Verify = (userId: string) => Promise<AuditVerification>;
type Running = { result: Promise<AuditVerification>; waiting: number; isSettled: boolean };

/** Runs at most one verification per user; concurrent callers share it. */
export class Verifications {
  readonly #running = new Map<string, Running>();
  readonly #verify: Verify;
  readonly #limits: Limits;

  constructor(verify: Verify, limits: Limits) {
    this.#verify = verify;
    this.#limits = limits;
  }

  /** @throws Problem "unavailable" when it takes longer than a call may wait, or too many are under way. */
  async of(userId: string): Promise<AuditVerification> {
    const running = this.#running.get(userId) ?? this.#start(userId);
    running.waiting++;
    try {
      const result = await within(this.#limits.waitMs, "the verification", running.result);
      this.#forget(userId, running);
      return result;
    } catch (error) {
      if (error instanceof TimeoutError) throw later("The history is long and still being checked. Try again shortly.");
      this.#forget(userId, running);
      throw error;
    } finally {
      running.waiting--;
    }
  }

  #start(userId: string): Running {
    const underWay = [...this.#running.values()].filter((running) => !running.isSettled).length;
    if (underWay >= this.#limits.atMost) throw later("Other histories are being checked right now. Try again shortly.");
    const settle = () => {
      running.isSettled = true;
      if (running.waiting === 0) setTimeout(() => this.#forget(userId, running), this.#limits.keepMs).unref();
    };
    const running: Running = { result: this.#verify(userId), waiting: 0, isSettled: false };
    // A failure without a waiting caller is reported to the next one.
    running.result.then(settle, settle);
    this.#running.set(userId, running);
    return running;
  }

  #forget(userId: string, running: Running): void {
    if (this.#running.get(userId) === running) this.#running.delete(userId);
  }
}

const later = (detail: string): Problem => new Problem("unavailable", detail, { headers: { "retry-after": "2" } });
