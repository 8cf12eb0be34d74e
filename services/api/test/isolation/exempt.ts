import { identityExempt } from "./identity-cases.ts";

/** Routes without data of a single user, each with the reason. */
export const exempt: Record<string, string> = {
  "GET /api/stats": "counts all accounts together, for the operator: stats.test.ts",
  "POST /api/webhooks/resend": "speaks of addresses, hashed: mail-budgets.test.ts",
  "POST /internal/mail/bounces": "speaks of addresses, hashed: mail-budgets.test.ts",
  "POST /api/signup": "creates a user; the caller is not signed in",
  "POST /api/signin/passkey/options": "records a challenge and reads nothing; the caller is not signed in",
  ...identityExempt,
  "POST /api/auth/forgot": "records an address and reads nothing; the caller is not signed in",
  "POST /internal/channels/take": "of all users, for notification; each message names its owner: channels.test.ts",
  "POST /internal/letters/take": "of all users, for notification; each letter names its owner",
  "POST /api/tasks/parse": "reads a line and no table",
  "POST /api/recurrence/preview": "reads a rule and no table",
  "GET /internal/occurrences/missing": "of all users, for recurring; each row names its owner",
  "POST /internal/reminders/due": "of all users, for notification; each row names its owner",
  "POST /internal/unsubscribe": "the sealed token names its owner; claim-reminders.test.ts",
  "GET /internal/watch/ended-sessions": "ids of sessions only, for realtime",
  "GET /internal/clock": "the time, no user's",
  "GET /internal/zones": "the rules of the zones, no user's",
  "POST /internal/audit/rebuild": "of one user, for operators; the request names the user",
  "GET /internal/audit/verify": "counts of one user, for audit; audit.test.ts",
};
