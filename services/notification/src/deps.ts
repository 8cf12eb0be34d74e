import type { Sql } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { Alarms, Clock, Invoker, Mailer, State } from "@carillon/kit/ports";
import type { Outside } from "./channels/post-outside.ts";
import type { PushSigner } from "./channels/push-signer.ts";

/** The dependencies of `notification`; only main.ts and tests build them. */
export type NotificationDeps = {
  sql: Sql;
  log: Log;
  clock: Clock;
  /** Reaches `api`. */
  invoke: Invoker;
  alarms: Alarms;
  mailer: Mailer;
  /** Whether mail leaves the product: not when it goes to a folder. Absent: api is not told. */
  goesOut?: boolean;
  /** Where messages to channels may go. */
  outside: Outside;
  /** The key of web pushes; none: there are no web pushes. */
  push: PushSigner | null;
  /** Mails handed over in parallel by each of the two loops. */
  width: number;
  /** Where failed deliveries of events are recorded. */
  state: State;
  appToken: string;
  /** The product's address for users: mails link to it. */
  publicUrl: URL;
  newId: () => string;
};
