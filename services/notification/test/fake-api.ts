import type { SendResult, TakenChannel } from "@carillon/contracts/http/channels";
import type { Letter } from "@carillon/contracts/http/letters";
import type { Claim, DuePage, ReminderResult } from "@carillon/contracts/http/reminders";
import type { Invoker } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";

export type FakeReminder = {
  id: string;
  generation: number;
  userId: string;
  taskId: string;
  remindAt: Date;
  state: "pending" | "sent" | "failed" | "missed" | "cancelled";
  reason: string | null;
  attempts: number;
  title: string;
};

export type FakeApi = {
  invoke: Invoker;
  reminders: Map<string, FakeReminder>;
  claims: string[];
  reports: ReminderResult[];
  /** Messages for channels; each is given once. */
  channels: TakenChannel[];
  sendResults: SendResult[];
  /** To be sent; each is given once. */
  letters: Letter[];
  letterResults: { id: string; delay_ms: number | null }[];
  /** Addresses of mailboxes that do not exist. */
  bounces: string[];
  /** While true api does not answer. */
  away: boolean;
  /** Runs once before an answer is given. */
  meanwhile: (() => void) | null;
  /** The next report is accepted and its answer lost. */
  loseReport: boolean;
  add(more: Partial<FakeReminder> & { remindAt: Date }): FakeReminder;
};

/** api's side of reminders in memory, by the contract: claims, results, and what is pending. */
export function createFakeApi(): FakeApi {
  const api: FakeApi = {
    reminders: new Map(),
    claims: [],
    reports: [],
    channels: [],
    sendResults: [],
    letters: [],
    letterResults: [],
    bounces: [],
    away: false,
    meanwhile: null,
    loseReport: false,
    add(more) {
      const ids = { id: Bun.randomUUIDv7(), userId: Bun.randomUUIDv7(), taskId: Bun.randomUUIDv7() };
      const usual = { generation: 1, state: "pending" as const, reason: null, attempts: 0, title: "Submit the report" };
      const made = { ...ids, ...usual, ...more };
      api.reminders.set(made.id, made);
      return made;
    },
    invoke: {
      async call(_service, request) {
        if (api.away) throw new Problem("unavailable", "api cannot be reached.");
        const body = JSON.parse(await request.text());
        const path = new URL(request.url).pathname;
        if (path.endsWith("/channels/take")) return Response.json({ channels: api.channels.splice(0) });
        if (path.endsWith("/channels/results")) {
          api.sendResults.push(...body.results);
          return Response.json(null);
        }
        if (path.endsWith("/letters/take")) return Response.json({ letters: api.letters.splice(0) });
        if (path.endsWith("/letters/results")) {
          api.letterResults.push(...body.results);
          return Response.json(null);
        }
        if (path.endsWith("/mail/bounces")) {
          api.bounces.push(...body.emails);
          return Response.json(null);
        }
        if (path.endsWith("/claim"))
          return Response.json({ reminders: body.reminders.map((plan: Plan) => claim(api, plan)) });
        if (path.endsWith("/results")) return report(api, body.results);
        return Response.json(due(api, new Date(body.before)));
      },
    },
  };
  return api;
}

type Plan = { id: string; generation: number };

function claim(api: FakeApi, { id, generation }: Plan): Claim {
  api.claims.push(id);
  const known = api.reminders.get(id);
  const answer = answerOn(known, { id, generation });
  api.meanwhile?.();
  api.meanwhile = null;
  return answer;
}

function answerOn(known: FakeReminder | undefined, plan: Plan): Claim {
  if (!known) return { ...plan, outcome: "cancelled", state: null, reason: null };
  if (known.state !== "pending") return { ...plan, outcome: "cancelled", state: known.state, reason: known.reason };
  const remind_at = known.remindAt.toISOString();
  if (known.generation !== plan.generation || known.remindAt > new Date())
    return { ...plan, outcome: "moved", next: { generation: known.generation, remind_at } };
  if (Date.now() - known.remindAt.getTime() > 86_400_000) {
    Object.assign(known, { state: "missed", reason: "too_late" });
    return { ...plan, outcome: "cancelled", state: "missed", reason: "too_late" };
  }
  return {
    ...plan,
    outcome: "send",
    remind_at,
    user: { id: known.userId, email: "ada@example.com", name: "Ada", time_zone: "UTC" },
    task: { id: known.taskId, title: known.title, due_date: null, all_day: false, time_zone: "UTC" },
    unsubscribe_token: "token",
  };
}

function report(api: FakeApi, results: ReminderResult[]): Response {
  api.reports.push(...results);
  for (const { id, generation, outcome, attempts } of results) {
    const known = api.reminders.get(id);
    if (!known || known.generation !== generation) continue;
    known.attempts = attempts;
    if (outcome === "sent" || (known.state === "pending" && outcome !== "tried"))
      Object.assign(known, { state: outcome, reason: outcome === "failed" ? "provider" : null });
  }
  if (api.loseReport) {
    api.loseReport = false;
    throw new Problem("unavailable", "The answer got lost.");
  }
  const taken = "noted" as const;
  return Response.json({ results: results.map(({ id, generation }) => ({ id, generation, taken })) });
}

function due(api: FakeApi, before: Date): DuePage {
  const pending = [...api.reminders.values()].filter(({ state, remindAt }) => state === "pending" && remindAt < before);
  return {
    reminders: pending.map(({ id, generation, userId, taskId, remindAt }) => ({
      id,
      generation,
      user_id: userId,
      task_id: taskId,
      remind_at: remindAt.toISOString(),
    })),
    next_cursor: null,
  };
}
