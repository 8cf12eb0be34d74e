/**
 * Runs deliveries in a process of its own; its doors are the test's: arguments are the database's
 * address and the doors' address.
 */
import type { ServiceName } from "@carillon/contracts/names";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { startDeliveries } from "../src/local/deliveries.ts";
import type { Door } from "../src/local/door.ts";
import { quickSubscriptions } from "./bus-under-test.ts";

const [url = "", doorsAt = "", ...services] = process.argv.slice(2);

const doorOf = (service: string): Door => ({
  async handle(request) {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    return fetch(`${doorsAt}/${service}${pathname}`, { method: "POST", headers: request.headers, body });
  },
});

const doors: Partial<Record<ServiceName, Door>> = Object.fromEntries(
  services.map((service) => [service, doorOf(service)]),
);
const deliveries = startDeliveries({
  sql: connect(url, { max: 4, name: "victim" }),
  doors,
  appToken: "test-token",
  log: silentLog,
  clock: { now: () => new Date() },
  subscriptions: quickSubscriptions,
});
await deliveries.ready;
process.stdout.write("ready\n");
