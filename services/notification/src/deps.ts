import type { Sql } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { Alarms, Clock, Invoker, Mailer, State } from "@carillon/kit/ports";

/** Everything `notification` needs from outside; main.ts and tests build it, nothing else does. */
export type NotificationDeps = {
  sql: Sql;
  log: Log;
  clock: Clock;
  /** Reaches `api`. */
  invoke: Invoker;
  alarms: Alarms;
  mailer: Mailer;
  /** How many mails the mailer is given at once, by each of two loops. */
  width: number;
  /** Where failed deliveries of events are noted. */
  state: State;
  appToken: string;
  /** Where people find the product: what mails link to. */
  publicUrl: URL;
  newId: () => string;
};
