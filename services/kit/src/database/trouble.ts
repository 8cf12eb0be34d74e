import postgres from "postgres";

/** A lost connection to the database, detected on this side: a closed socket, or a missing answer. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  readonly code: LostCode;

  constructor(code: LostCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export type LostCode =
  | "CONNECTION_CLOSED"
  | "CONNECTION_ENDED"
  | "CONNECT_TIMEOUT"
  | "STATEMENT_DEADLINE"
  | "TRANSACTION_DEADLINE"
  | "POOL_DEADLINE"
  | "POOL_FULL";

/** Error codes of sockets, name resolution and postgres.js. */
const awayCodes = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "STATEMENT_DEADLINE",
  "TRANSACTION_DEADLINE",
  "POOL_DEADLINE",
  "POOL_FULL",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETRESET",
  "ENETUNREACH",
  "ENOTCONN",
  "EPIPE",
  "ESHUTDOWN",
  "ETIMEDOUT",
  "EADDRNOTAVAIL",
  "EMFILE",
  "ENFILE",
  "ENOBUFS",
  "EAI_AGAIN",
  "EAI_FAIL",
  "EAI_NODATA",
  "ENOTFOUND",
  "25006",
]);

/**
 * Classes of SQLSTATE that are temporary: connection exception, transaction rollback, insufficient
 * resources, operator intervention, system error.
 */
const passingClasses = new Set(["08", "40", "53", "57", "58"]);

/** True when PostgreSQL cannot work right now, and false when this statement is wrong: a later retry helps. */
export const isDatabaseAway = (error: unknown): boolean => causesOf(error).some(isPassing);

/** True when PostgreSQL rolled a transaction back so that another could continue: an immediate retry will probably succeed. */
export const isContested = (error: unknown): boolean =>
  causesOf(error).some((cause) => codeOf(cause) === "40P01" || codeOf(cause) === "40001");

/** The violated constraint's name when `error` is PostgreSQL's unique_violation, else null. */
export function uniqueViolation(error: unknown): string | null {
  return error instanceof postgres.PostgresError && error.code === "23505" ? (error.constraint_name ?? "") : null;
}

const maxDepth = 5;

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < maxDepth; cause = cause.cause) causes.push(cause);
  return causes;
}

const codeOf = (error: Error): string => ("code" in error ? String(error.code) : "");

function isPassing(error: Error): boolean {
  const code = codeOf(error);
  if (awayCodes.has(code) || isSocketGone(error, code) || isReadOnlyDisk(error, code)) return true;
  return /^[0-9A-Z]{5}$/.test(code) && passingClasses.has(code.slice(0, 2));
}

/** The server's socket file is missing; other missing files are ordinary failures. */
const isSocketGone = (error: Error, code: string): boolean =>
  code === "ENOENT" && "syscall" in error && error.syscall === "connect";

/** PostgreSQL reports a read-only disk with the code of a missing right; only the message differs. */
const isReadOnlyDisk = (error: Error, code: string): boolean =>
  code === "42501" && /: (Read-only file system|Permission denied|Operation not permitted)$/.test(error.message);
