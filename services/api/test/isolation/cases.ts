import { occurrenceId } from "@carillon/calendar/recurrence";
import { assistantCases } from "./assistant-cases.ts";
import { type Case, call, get, key, keyed, neighbour, secondPage, task, title } from "./calls.ts";
import { channelCases } from "./channel-cases.ts";
import { factorCases, halfSignIn } from "./factor-cases.ts";
import { identityCases } from "./identity-cases.ts";
import { passkeyCases } from "./passkey-cases.ts";
import { sessionCases } from "./session-cases.ts";
import { transferCases } from "./transfer-cases.ts";
import { undoCases } from "./undo-cases.ts";

/** Every route of api that reads or writes user data → calls of it. A missing route fails the test. */
export const cases: Record<string, readonly Case[]> = {
  "POST /api/signin": [
    {
      status: 200,
      call: async ({ api, person }) => {
        // The maximum of sessions: the oldest, whose id the other has as well, makes room.
        await api.sql`
          insert into api.sessions (user_id, id, created_at, last_used_at, proven_at, expires_at)
          select ${person.user.id}, gen_random_uuid(), '2025-11-25', '2025-11-25', '2025-11-25', '2027-01-01' from generate_series(1, 98)`;
        const body = { email: person.email, password: person.password };
        return api.call("POST", "/api/signin", { body, headers: { "accept-language": "de" } });
      },
    },
    halfSignIn,
  ],
  "POST /api/logout": [{ status: 204, call: call("POST", () => "/api/logout") }],
  "GET /api/auth/me": [
    get("/api/auth/me"),
    {
      // Signed out; the other's session of the same id stays valid.
      status: 401,
      call: async ({ as }) => {
        await as.post("/api/logout");
        return as.get("/api/auth/me");
      },
    },
  ],
  "PATCH /api/auth/me": [
    {
      status: 200,
      call: call(
        "PATCH",
        () => "/api/auth/me",
        () => ({ name: "New" }),
      ),
    },
    {
      status: 200,
      call: call(
        "PATCH",
        () => "/api/auth/me",
        () => ({ time_zone: "Asia/Tokyo" }),
      ),
    },
    {
      status: 200,
      call: call(
        "PATCH",
        () => "/api/auth/me",
        () => ({ notifications: { email: false } }),
      ),
    },
  ],
  "POST /api/auth/password": [
    {
      status: 204,
      call: call(
        "POST",
        () => "/api/auth/password",
        ({ person }) => ({
          current_password: person.password,
          new_password: "another horse of mine 7",
        }),
      ),
    },
  ],
  "DELETE /api/auth/me": [
    {
      status: 204,
      call: call(
        "DELETE",
        () => "/api/auth/me",
        ({ person }) => ({ password: person.password }),
      ),
    },
  ],
  "POST /api/tokens": [
    {
      status: 201,
      call: call(
        "POST",
        () => "/api/tokens",
        () => ({ name: "robot", scope: "read" }),
      ),
    },
  ],
  "GET /api/tokens": [get("/api/tokens"), get("/api/tokens?limit=1")],
  "DELETE /api/tokens/:id": [{ status: 204, call: call("DELETE", ({ token }) => `/api/tokens/${token}`) }],
  "GET /api/tasks": [
    get("/api/tasks"),
    get("/api/tasks?search=plain"),
    get("/api/tasks?tag=private"),
    get("/api/tasks?deleted=true"),
    get("/api/tasks?recurring=true&sort=title"),
    get("/api/tasks?status=pending&sort=-priority"),
    secondPage("/api/tasks?"),
    secondPage("/api/tasks?search=plain&"),
  ],
  "GET /api/tasks/occurrences": [get("/api/tasks/occurrences?from=2025-12-01T00:00:00Z&to=2026-01-15T00:00:00Z")],
  "GET /api/tasks/counts": [get("/api/tasks/counts")],
  ...channelCases,
  ...transferCases,
  ...undoCases,
  "POST /api/tasks": [
    { status: 201, call: call("POST", () => "/api/tasks", title) },
    { status: 201, call: call("POST", () => "/api/tasks", keyed, key) },
  ],
  "GET /api/tasks/:id": [task("GET"), task("GET", "", undefined, 200, "series")],
  "PUT /api/tasks/:id": [task("PUT", "", title), task("PUT", "", title, 200, "series")],
  "PATCH /api/tasks/:id": [
    task("PATCH", "", () => ({ title: "mine now", reminders: [{ before: "2h" }] })),
    task("PATCH", "", () => ({ tags: ["fresh"], due_date: "2026-12-24T09:00:00Z" })),
    task("PATCH", "", () => ({ recurring_pattern: "daily" }), 200, "series"),
  ],
  "DELETE /api/tasks/:id": [task("DELETE", "", undefined, 204), task("DELETE", "", undefined, 204, "next")],
  "PATCH /api/tasks/:id/complete": [task("PATCH", "/complete"), task("PATCH", "/complete", undefined, 200, "series")],
  "PATCH /api/tasks/:id/incomplete": [task("PATCH", "/incomplete", undefined, 200, "done")],
  "POST /api/tasks/:id/restore": [task("POST", "/restore", undefined, 200, "gone")],
  "POST /api/tasks/:id/skip": [task("POST", "/skip", undefined, 200, "series")],
  "POST /api/tasks/:id/snooze": [task("POST", "/snooze", () => ({ minutes: 15 }))],
  "GET /api/tasks/:id/history": [task("GET", "/history")],
  "GET /api/tags": [get("/api/tags"), get("/api/tags?prefix=pri"), secondPage("/api/tags?")],
  "POST /api/tags": [
    {
      status: 201,
      call: call(
        "POST",
        () => "/api/tags",
        () => ({ name: "fresh" }),
      ),
    },
    {
      status: 409,
      call: call(
        "POST",
        () => "/api/tags",
        () => ({ name: "private" }),
      ),
    },
  ],
  "PUT /api/tags/:id": [
    {
      status: 200,
      call: call(
        "PUT",
        ({ tag }) => `/api/tags/${tag}`,
        () => ({ name: "renamed" }),
      ),
    },
  ],
  "DELETE /api/tags/:id": [{ status: 204, call: call("DELETE", ({ tag }) => `/api/tags/${tag}`) }],
  ...sessionCases,
  ...factorCases,
  ...passkeyCases,
  ...identityCases,
  "GET /api/audit": [get("/api/audit")],
  "GET /api/audit/verify": [get("/api/audit/verify")],
  "GET /api/notifications": [
    get("/api/notifications"),
    get("/api/notifications?state=pending"),
    secondPage("/api/notifications?"),
  ],
  "GET /api/insights": [get("/api/insights")],
  ...assistantCases,
  "GET /api/sync": [
    get("/api/sync"),
    {
      status: 200,
      call: async ({ as, ids }) => {
        const { body } = await as.get("/api/sync");
        await as.patch(`/api/tasks/${ids.plain}`, { title: "moved on" });
        await as.delete(`/api/tags/${ids.tag}`);
        return as.get(`/api/sync?cursor=${encodeURIComponent(body.next_cursor)}`);
      },
    },
    {
      // The successor is removed permanently; the other's stays.
      status: 200,
      call: async ({ as, ids }) => {
        const { body } = await as.get("/api/sync");
        await as.patch(`/api/tasks/${ids.done}/incomplete`);
        return as.get(`/api/sync?cursor=${encodeURIComponent(body.next_cursor)}`);
      },
    },
  ],
  "PUT /internal/tasks/:id": [
    {
      status: 201,
      call: async (asking) => {
        const { person, ids } = asking;
        const { body } = await asking.as.patch(`/api/tasks/${ids.series}/complete`);
        return neighbour(
          "PUT",
          () => `/internal/tasks/${occurrenceId(ids.series)}`,
          () => ({
            user_id: person.user.id,
            parent_task_id: ids.series,
            parent_version: body.version,
            due_date: "2026-03-02T09:00:00Z",
            ordinal: null,
          }),
        )(asking);
      },
    },
  ],
  "POST /internal/series/end": [
    {
      status: 200,
      call: async (asking) => {
        const { person, ids } = asking;
        const { body } = await asking.as.patch(`/api/tasks/${ids.series}/complete`);
        const ended = { user_id: person.user.id, task_id: ids.series, version: body.version };
        return neighbour(
          "POST",
          () => "/internal/series/end",
          () => ended,
        )(asking);
      },
    },
  ],
  "POST /internal/reminders/claim": [
    {
      status: 200,
      ownReminders: true,
      call: async (asking) => {
        // Past the reminder's instant.
        asking.api.clock.advance(Date.parse("2025-12-01T11:00:30Z") - asking.api.clock.now().getTime());
        return neighbour(
          "POST",
          () => "/internal/reminders/claim",
          ({ ids }) => ({
            reminders: [{ id: ids.reminder, generation: 1 }],
          }),
        )(asking);
      },
    },
  ],
  "POST /internal/reminders/results": ["sent", "failed", "tried"].map((outcome) => ({
    status: 200,
    // A report names a reminder alone; of two with one id the later user's is meant.
    worlds: ["second"] as const,
    call: neighbour(
      "POST",
      () => "/internal/reminders/results",
      ({ ids, api }) => ({
        results: [{ id: ids.reminder, generation: 1, outcome, attempts: 2, at: api.clock.now().toISOString() }],
      }),
    ),
  })),
  "POST /internal/session": [
    {
      status: 200,
      call: neighbour(
        "POST",
        () => "/internal/session",
        ({ person }) => ({ token: person.token }),
      ),
    },
  ],
  "GET /internal/changes": [
    {
      status: 200,
      call: neighbour("GET", ({ person }) => `/internal/changes?user_id=${person.user.id}&after=0`),
    },
  ],
};
