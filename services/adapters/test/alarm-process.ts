/**
 * Rings alarms in a process of its own at the test's door: arguments are the database's address, the
 * service and the door's address.
 */
import type { ServiceName } from "@carillon/contracts/names";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { startAlarmClock } from "../src/local/alarm-clock.ts";
import type { Door } from "../src/local/door.ts";

const [url = "", service = "", doorAt = ""] = process.argv.slice(2);
const door: Door = {
  async handle(request) {
    const { pathname } = new URL(request.url);
    return fetch(doorAt + pathname, { method: "POST", headers: request.headers, body: await request.text() });
  },
};
startAlarmClock({
  sql: connect(url, { max: 4, name: "victim" }),
  doors: { [service as ServiceName]: door },
  appToken: "test-token",
  log: silentLog,
});
process.stdout.write("ready\n");
