import { currentCause } from "./cause.ts";
import { currentTrace } from "./trace.ts";

const levels = { debug: 10, info: 20, warn: 30, error: 40 } as const;
export type LogLevel = keyof typeof levels;
export const logLevels = Object.keys(levels) as LogLevel[];

type Fields = Record<string, unknown>;

/** Writes one JSON line per call. Never put titles, addresses, tokens or bodies into `fields`. */
export type Log = Record<LogLevel, (message: string, fields?: Fields) => void>;

/** A log of one service from `level` up; `write` takes one line without its end. */
export function createLog({
  service,
  level,
  write,
  now = () => new Date(),
}: {
  service: string;
  level: LogLevel;
  write: (line: string) => void;
  now?: () => Date;
}): Log {
  const at =
    (name: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (levels[name] < levels[level]) return;
      const traceId = currentTrace()?.traceId;
      const cause = currentCause();
      const line = {
        time: now().toISOString(),
        level: name,
        service,
        message,
        ...(traceId ? { trace_id: traceId } : {}),
        ...(cause ? { correlation_id: cause.correlationId } : {}),
        ...(cause?.causationId ? { causation_id: cause.causationId } : {}),
        ...fields,
      };
      write(JSON.stringify(line, plain));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Errors have no enumerable fields and would otherwise be logged as {}. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    return {
      name: value.name,
      message: value.message,
      code: "code" in value ? value.code : undefined,
      stack: value.stack,
      cause: value.cause,
    };
  }
  return typeof value === "bigint" ? value.toString() : value;
}

const nothing = () => {};
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
