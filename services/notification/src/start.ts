import type { Sql } from "@carillon/kit/database";
import type { Alarms, Clock, Invoker, State } from "@carillon/kit/ports";
import type { Doors, Host, Probes } from "@carillon/kit/service";
import { createApp, createInternalApp } from "./app.ts";
import type { Transport } from "./choose-mailer.ts";
import { createCourier } from "./courier.ts";
import type { NotificationDeps } from "./deps.ts";

export type NotificationParts = Host & {
  clock: Clock;
  sql: Sql;
  invoke: Invoker;
  alarms: Alarms;
  state: State;
  transport: Transport;
  appToken: string;
  publicUrl: URL;
  outside: NotificationDeps["outside"];
  push: NotificationDeps["push"];
  /** The state of the carriers, as `GET /health` shows it. */
  carriers?: Probes;
};

/** How long the provider has to answer for a mail under way once the service was asked to stop. */
const maxDrainMs = 6_000;

/** Starts notification's doors and its courier: what falls due is mailed without a request. */
export function startNotification({ transport, carriers, stops, ...parts }: NotificationParts): Doors {
  const { mailer, width, name, close } = transport;
  stops.push("the mail transport", async () => close());
  parts.log.info("mail goes out", { through: name });
  const deps: NotificationDeps = {
    ...parts,
    mailer,
    width,
    goesOut: name !== "folder",
    newId: () => Bun.randomUUIDv7(),
  };
  const courier = createCourier(deps);
  stops.push("mail under way", courier.stop, maxDrainMs);
  courier.start();
  const own = { ...deps, courier, ...(carriers ? { carriers } : {}) };
  return { open: createApp(own), internal: createInternalApp(own) };
}
