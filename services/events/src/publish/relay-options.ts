import type { Sql } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { Clock, EventBus } from "@carillon/kit/ports";

export type RelayOptions = {
  sql: Sql;
  /** The schema whose `outbox` is read. New rows are announced by `NOTIFY outbox`. */
  schema: string;
  bus: EventBus;
  log: Log;
  clock: Clock;
  pollMs?: number;
  batchRows?: number;
  sweepEveryMs?: number;
};

export type RelayStats = {
  /** Rows taken by the broker since the start. */
  published: number;
  /** Users whose rows wait because one of them was rejected. */
  held: number;
  /** True while the broker takes nothing. */
  brokerAway: boolean;
};
