import { afterEach, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { currentZones } from "@carillon/calendar/zone";
import type { AuditPage } from "@carillon/contracts/http/audit";
import type { Task } from "@carillon/contracts/http/tasks";
import { testDatabase } from "@carillon/testing/database";
import { until } from "@carillon/testing/until";
import type { RunningProduct } from "./product.ts";
import { createRig, post } from "./rig.ts";

const { start, clear } = createRig();
afterEach(clear);

const [minute, hour] = [60_000, 3_600_000];
/** The product looks for newer rules once a minute; here a minute has half a second. */
const minutePasses = join(import.meta.dir, "short-minutes-preload.ts");
const months = ["Ja", "F", "Mar", "Ap", "May", "Jun", "Jul", "Au", "S", "O", "N", "D"];

/** IANA's data with Lagos one hour further east and Maputo one hour further west, for two days already. */
function movedZones(): string {
  const from = new Date(Date.now() - 48 * hour);
  const day = `${from.getUTCFullYear()} ${months[from.getUTCMonth()]} ${from.getUTCDate()}`;
  const data = currentZones()
    .text.replace(/^# version \S+/, "# version 2099a")
    .replace(/^(Z Africa\/Lagos [\s\S]*?)\n1 - WAT$/m, `$1\n1 - WAT ${day}\n2 - WAT`)
    .replace(/^(Z Africa\/Maputo [\s\S]*?)\n2 - CAT$/m, `$1\n2 - CAT ${day}\n1 - CAT`);
  expect(data.split(day)).toHaveLength(3);
  return data;
}

/** A user in that zone, with a task due then that rings when it is due. */
async function withTask({ urls }: RunningProduct, zone: string, dueMs: number) {
  const account = { email: `${zone.toLowerCase().replace("/", "-")}@example.com`, password: "correct horse battery" };
  const signedUp = await post(`${urls.api}/api/signup`, { ...account, time_zone: zone });
  const { access_token: token } = (await signedUp.json()) as { access_token: string };
  const get = async (url: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const body = { title: `Market in ${zone}`, due_date: new Date(dueMs).toISOString(), reminders: [{ before: "0m" }] };
  const { id } = (await (await post(`${urls.api}/api/tasks`, body, token)).json()) as Task;
  return {
    token,
    id,
    read: async () => (await (await get(`${urls.api}/api/tasks/${id}`)).json()) as Task,
    history: async () => (await (await get(`${urls.api}/api/tasks/${id}/history`)).json()) as AuditPage,
    page: async (path: string) =>
      (await fetch(`${urls.web}${path}`, { headers: { cookie: `carillon_session=${token}` } })).text(),
    async askMcp() {
      const made = await post(`${urls.api}/api/tokens`, { name: "assistant", scope: "read" }, token);
      const { token: access } = (await made.json()) as { token: string };
      const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "get_task", arguments: { id } } };
      const accept = { accept: "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25" };
      return (await post(`${urls.api}/mcp`, call, access, accept)).text();
    },
  };
}

/** The texts of the mails about that task. */
const mailsAbout = ({ dataDir }: RunningProduct, title: string): string[] =>
  readdirSync(join(dataDir, "mail"))
    .filter((name) => name.endsWith(".eml"))
    .map((name) => readFileSync(join(dataDir, "mail", name), "utf8"))
    .filter((text) => text.includes(title));

test("new zone rules in the middle of everything lose no reminder and send none twice; page, mail, API and MCP agree", async () => {
  const database = await testDatabase({ migrations: [] });
  const product = await start({ environment: { DATABASE_URL: database.url }, preload: minutePasses });
  const now = Math.floor(Date.now() / minute) * minute;
  // By the old rules in an hour, by the new ones now; and the other way round.
  const lagos = await withTask(product, "Africa/Lagos", now + hour);
  const maputo = await withTask(product, "Africa/Maputo", now + 10 * minute);
  await database.sql`select api.add_zones('2099a', ${movedZones()})`;

  const due = new Date(now).toISOString();
  await until("Lagos has rung", async () => (await lagos.read()).reminders[0]?.state === "sent", 40_000);
  // Two hours ahead of Greenwich by the new rules.
  const clockAt = (ms: number): string => new Date(ms + 2 * hour).toISOString().slice(11, 16);
  const clock = clockAt(now);
  const rung = await lagos.read();
  expect(rung).toMatchObject({ due_date: due, reminders: [{ remind_at: due, state: "sent" }] });
  expect(await lagos.page(`/tasks/${lagos.id}`)).toContain(`, ${clock}`);
  // A minute may have passed between the instant and the mail.
  expect(await lagos.page("/notifications")).toContain(clockAt(Date.parse(rung.reminders[0]?.sent_at ?? "")));
  expect(await lagos.askMcp()).toContain(clock);
  const mails = mailsAbout(product, "Market in Africa/Lagos");
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain(clock);

  const later = new Date(now + 10 * minute + hour).toISOString();
  await until("Maputo has moved", async () => (await maputo.read()).due_date === later);
  const moved = await maputo.read();
  expect(moved).toMatchObject({ due_date: later, reminders: [{ remind_at: later, state: "pending" }] });
  await until("the bell of Maputo is set once, for its new instant", async () => {
    const plans =
      await database.sql`select remind_at from notification.deliveries where reminder_id = ${moved.reminders[0]?.id ?? ""} and status = 'pending'`;
    return plans.length === 1 && plans[0]?.remind_at.toISOString() === later;
  });
  expect(mailsAbout(product, "Market in Africa/Maputo")).toEqual([]);
  await until("the history says why", async () =>
    (await maputo.history()).data.some(({ changes }) => "zone_rules" in changes),
  );
  await database.close();
}, 120_000);
