import type { Scope } from "@carillon/contracts/http/auth";

/** What a route asks of an access token; `any`: each will do; `session`: none will, accounts are for people. */
export type Need = "tasks:read" | "tasks:write" | "audit:read" | "export" | "any" | "session";

type Right = Exclude<Need, "any" | "session">;

/** What each scope may: `read` and `write` are all of their kind. */
const rights: Record<Scope, readonly Right[]> = {
  read: ["tasks:read", "audit:read", "export"],
  write: ["tasks:read", "tasks:write", "audit:read", "export"],
  "tasks:read": ["tasks:read"],
  "tasks:write": ["tasks:read", "tasks:write"],
  "audit:read": ["audit:read"],
  export: ["export"],
};

/** Whether a token of this scope may do what is needed. */
export const allows = (scope: Scope, need: Need): boolean =>
  need === "any" || (need !== "session" && rights[scope].includes(need));

/** What each route asks of an access token, by its pattern. One that is missing takes none: scopes.test.ts names it. */
export const routeNeeds: Readonly<Record<string, Need>> = {
  "POST /api/logout": "session",
  "GET /api/sessions": "session",
  "DELETE /api/sessions": "session",
  "DELETE /api/sessions/:id": "session",
  "POST /api/auth/verify/resend": "session",
  "POST /api/auth/email": "session",
  "POST /api/auth/proof": "session",
  "POST /api/auth/password": "session",
  "GET /api/auth/totp": "session",
  "POST /api/auth/totp": "session",
  "POST /api/auth/totp/confirm": "session",
  "DELETE /api/auth/totp": "session",
  "GET /api/passkeys": "session",
  "POST /api/passkeys": "session",
  "POST /api/passkeys/options": "session",
  "DELETE /api/passkeys/:id": "session",
  "GET /api/auth/me": "any",
  "GET /api/auth/mail": "any",
  "PATCH /api/auth/me": "session",
  "DELETE /api/auth/me": "session",
  "POST /api/tokens": "session",
  "GET /api/tokens": "session",
  "DELETE /api/tokens/:id": "session",
  "GET /api/feeds": "session",
  "POST /api/feeds": "session",
  "DELETE /api/feeds/:id": "session",
  "GET /api/channels": "session",
  "POST /api/channels": "session",
  "DELETE /api/channels/:id": "session",
  "POST /api/channels/:id/test": "session",
  "POST /api/channels/:id/secret": "session",
  "GET /api/channels/:id/deliveries": "session",
  "POST /api/channels/:id/deliveries/:delivery/resend": "session",
  "GET /api/tasks/export": "export",
  "POST /api/tasks/import": "tasks:write",
  "GET /api/tasks": "tasks:read",
  "POST /api/tasks": "tasks:write",
  "GET /api/tasks/occurrences": "tasks:read",
  "GET /api/tasks/counts": "tasks:read",
  "POST /api/tasks/parse": "tasks:read",
  "GET /api/tasks/:id": "tasks:read",
  "PUT /api/tasks/:id": "tasks:write",
  "PATCH /api/tasks/:id": "tasks:write",
  "DELETE /api/tasks/:id": "tasks:write",
  "PATCH /api/tasks/:id/complete": "tasks:write",
  "PATCH /api/tasks/:id/incomplete": "tasks:write",
  "POST /api/tasks/:id/restore": "tasks:write",
  "POST /api/tasks/:id/skip": "tasks:write",
  "POST /api/tasks/:id/snooze": "tasks:write",
  "POST /api/tasks/batch": "tasks:write",
  "POST /api/series/pause": "tasks:write",
  "POST /api/batches/:id/undo": "tasks:write",
  "POST /api/audit/:id/revert": "tasks:write",
  "GET /api/tasks/:id/history": "audit:read",
  "GET /api/audit": "audit:read",
  "GET /api/audit/verify": "audit:read",
  "GET /api/tags": "tasks:read",
  "POST /api/tags": "tasks:write",
  "PUT /api/tags/:id": "tasks:write",
  "DELETE /api/tags/:id": "tasks:write",
  "POST /api/recurrence/preview": "tasks:read",
  "GET /api/notifications": "tasks:read",
  "GET /api/insights": "tasks:read",
  "GET /api/sync": "tasks:read",
  "POST /api/chat": "tasks:write",
  "POST /api/chat/confirm": "tasks:write",
  "GET /api/conversations": "tasks:read",
  "GET /api/conversations/:id": "tasks:read",
  "DELETE /api/conversations/:id": "tasks:write",
  "POST /api/conversations/:id/undo": "tasks:write",
  // Each tool is held to the scope by itself.
  "POST /mcp": "tasks:read",
};
