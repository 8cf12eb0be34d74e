import type { MailFailure } from "@carillon/adapters/mail";
import type { Claim, SendClaim } from "@carillon/contracts/http/reminders";
import { inBatchSpan, parseTraceparent, type Span, startSpan, type Trace } from "@carillon/kit/observe";
import { askApi } from "./ask-api.ts";
import type { NotificationDeps } from "./deps.ts";
import { announce, forget } from "./ledger/plans.ts";
import { begin, endKnown, type KnownEnd, postpone, release, type Taken, type Try, take } from "./ledger/sends.ts";
import { alarmNameOf } from "./plan.ts";
import type { Rung } from "./rung.ts";
import { mailMs, sendReminder } from "./send-reminder.ts";

/** A send starts with its claim (G12); one that could not start within this time is claimed again. */
const claimGoodMs = 5_000;
const leaseMs = mailMs + 5_000;
/** When api does not answer, no attempt was made, so the retry comes soon. */
const apiAwayMs = 1_000;

export type Outside = {
  /** Records the end of an attempt. */
  write: (one: Try) => Promise<void>;
  /** Called once api has claimed: from then on other channels have something to send. */
  claimed: () => void;
  /** The trace of the alarm that rang. */
  rung: Pick<Rung, "take">;
};

export type Delivered = {
  /** How many were claimed; if that is `limit`, there are probably more. */
  taken: number;
  sent: number;
  failures: MailFailure[];
};

/**
 * Claims at most `limit` due plans and brings each to its end or its next attempt: claimed at api,
 * counted, sent, recorded. A crash at any step leaves plans whose lease expires; the next sender
 * mails them with the same keys.
 */
export async function deliverDue(
  deps: NotificationDeps,
  limit: number,
  { write, rung, claimed }: Outside,
): Promise<Delivered> {
  const lease = deps.newId();
  const taken = await take(deps.sql, lease, limit, leaseMs);
  if (taken.length === 0) return { taken: 0, sent: 0, failures: [] };
  const spans = new Map(taken.map((plan) => [alarmNameOf(plan), spanOf(plan, rung.take(plan))]));
  try {
    return await deliver(deps, { lease, taken, spans, write, claimed });
  } finally {
    for (const span of spans.values()) span.end();
  }
}

/**
 * One attempt to remind: part of the alarm that caused it, linked to the change that planned it, which
 * may be weeks old.
 */
function spanOf({ traceparent, reminderId }: Taken, ring: Trace | null): Span {
  const planned = parseTraceparent(traceparent);
  return startSpan({
    name: "remind",
    kind: "internal",
    parent: ring,
    links: planned ? [planned] : [],
    attributes: { "carillon.reminder_id": reminderId },
    service: "notification",
  });
}

type Delivery = {
  lease: string;
  taken: readonly Taken[];
  spans: ReadonlyMap<string, Span>;
  write: Outside["write"];
  claimed: Outside["claimed"];
};

async function deliver(deps: NotificationDeps, { lease, taken, spans, write, claimed }: Delivery): Promise<Delivered> {
  const traces = [...spans.values()].map(({ trace }) => trace);
  const claims = await inBatchSpan({ name: "claim", kind: "internal", service: "notification" }, traces, () =>
    claim(deps, lease, taken),
  );
  const claimedAt = performance.now();
  claimed();
  await heed(deps, taken, claims);
  const toSend = new Map<string, SendClaim>();
  for (const [at, plan] of taken.entries()) {
    const answer = claims[at];
    if (answer?.outcome === "send") toSend.set(alarmNameOf(plan), answer);
  }
  const mine = taken.filter((plan) => toSend.has(alarmNameOf(plan)));
  const started = mine.length === 0 ? [] : await begin(deps.sql, lease, mine, leaseMs);
  if (performance.now() - claimedAt > claimGoodMs) {
    await release(deps.sql, lease, started, 0);
    return { taken: taken.length, sent: 0, failures: [] };
  }
  const results = await Promise.all(
    started.flatMap((plan) => {
      const granted = toSend.get(alarmNameOf(plan));
      const span = spans.get(alarmNameOf(plan));
      return granted && span ? [sendReminder(deps, { lease, taken: plan, claim: granted, span, write })] : [];
    }),
  );
  const failures = results.flatMap((result) => (result === "sent" ? [] : [result]));
  return { taken: taken.length, sent: results.length - failures.length, failures };
}

/** Api's answers; without them the plans are released. */
async function claim({ invoke, sql }: NotificationDeps, lease: string, taken: readonly Taken[]): Promise<Claim[]> {
  try {
    return await askApi(invoke).claim(taken.map(({ reminderId: id, generation }) => ({ id, generation })));
  } catch (error) {
    await release(sql, lease, taken, apiAwayMs);
    throw error;
  }
}

/** Handles the plans that api answers should not be sent. */
async function heed({ sql }: NotificationDeps, taken: readonly Taken[], claims: readonly Claim[]): Promise<void> {
  const ends: KnownEnd[] = [];
  const gone: Taken[] = [];
  for (const [at, plan] of taken.entries()) {
    const answer = claims[at];
    if (answer?.outcome === "cancelled") {
      if (answer.state === null) gone.push(plan);
      else if (answer.state === "pending") throw new Error("api cancels what it reports as pending");
      else ends.push({ ...keyOf(plan), status: answer.state, reason: answer.reason });
    }
    if (answer?.outcome === "moved") await move(sql, plan, answer.next);
  }
  await endKnown(sql, ends);
  await forget(sql, gone);
}

const keyOf = ({ reminderId, generation }: Taken) => ({ reminderId, generation });

async function move(
  sql: NotificationDeps["sql"],
  plan: Taken,
  next: { generation: number; remind_at: string },
): Promise<void> {
  const remindAt = new Date(next.remind_at);
  if (next.generation === plan.generation) return postpone(sql, plan, remindAt);
  // Its announcement is delayed or lost; either way the new plan is recorded now and the old one is
  // over.
  await announce(sql, [{ ...plan, generation: next.generation, remindAt, cause: null }], []);
}
