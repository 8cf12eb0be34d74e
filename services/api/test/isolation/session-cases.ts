import type { Case } from "./calls.ts";

/** The routes of sessions. */
export const sessionCases: Record<string, readonly Case[]> = {
  "POST /api/auth/renew": [{ status: 200, call: async ({ as }) => as.post("/api/auth/renew") }],
  "GET /api/sessions": [
    { status: 200, call: async ({ as }) => as.get("/api/sessions") },
    {
      // Late enough for a use to be written down.
      status: 200,
      call: async ({ as, api }) => {
        api.clock.advance(600_000);
        return as.get("/api/sessions");
      },
    },
  ],
  "DELETE /api/sessions": [{ status: 204, call: async ({ as }) => as.delete("/api/sessions") }],
  "DELETE /api/sessions/:id": [{ status: 204, call: async ({ as, ids }) => as.delete(`/api/sessions/${ids.session}`) }],
};
