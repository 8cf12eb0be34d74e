import { sameOffsets, type ZoneTable, zoneRelease } from "@carillon/calendar/zone";
import { type Change, changeUnseated } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import {
  type Seated,
  saveTask,
  seatedByRules,
  seatedInZone,
  selectTasks,
  stateOf,
  type TaskState,
} from "../tasks/index.ts";
import { shareZones, zonesOf } from "./releases.ts";

/** Moved in one transaction: what a killed process has to repeat. */
const tasksAtOnce = 100;

/**
 * Moves a user's instants to the same wall times by the rules in force now, and open whole days to the
 * user's present zone, in batches. Each batch commits with its events; after a crash the next run
 * continues behind the last one.
 */
export async function seatUser(deps: ApiDeps, userId: string): Promise<void> {
  while (!(await seatSome(deps, userId)));
}

/** One batch; returns whether all are done. */
export async function seatSome(deps: ApiDeps, userId: string): Promise<boolean> {
  await shareZones(deps);
  return changeUnseated(deps, { userId, actor: "system" }, async (change) => {
    const seat = await readSeat(change);
    const target = seat.seating_release ?? zoneRelease();
    if (seat.zone_release !== target) return seatByRules(change, seat, target);
    if (seat.days_zone !== seat.time_zone) return seatDays(change);
    return true;
  });
}

type Seat = {
  time_zone: string;
  days_zone: string;
  zone_release: string;
  seating_release: string | null;
  seated_up_to: string | null;
};

async function readSeat({ tx, userId }: Change): Promise<Seat> {
  const [seat] = await tx<Seat[]>`
    select time_zone, days_zone, zone_release, seating_release, seated_up_to from api.users where id = ${userId}`;
  if (!seat) throw new Error("The user whose row is locked is gone.");
  return seat;
}

/**
 * The next tasks whose zone has other rules in the new release; a release that arrived meanwhile is
 * left to the next run.
 */
async function seatByRules(change: Change, { zone_release, seated_up_to }: Seat, target: string): Promise<false> {
  const { tx, userId } = change;
  const [from, to] = [await zonesOf(tx, zone_release), await zonesOf(tx, target)];
  const zones = await changedZones(change, from, to);
  const rows = await tx`
    ${selectTasks(tx)} from api.tasks t
    where t.user_id = ${userId} and t.time_zone = any(${zones}::text[]) and t.id > ${seated_up_to ?? nil}
    order by t.id limit ${tasksAtOnce}`;
  const states = rows.map(stateOf);
  for (const state of states) {
    const seated = seatedByRules(state, from, to);
    if (seated) await save(change, state, seated, { zone_rules: [zone_release, target] });
  }
  const last = states.at(-1)?.row.id ?? null;
  if (states.length < tasksAtOnce) {
    await tx`
      update api.users set zone_release = ${target}, seating_release = null, seated_up_to = null where id = ${userId}`;
  } else await tx`update api.users set seating_release = ${target}, seated_up_to = ${last} where id = ${userId}`;
  return false;
}

/** Before every id. */
const nil = "00000000-0000-0000-0000-000000000000";

async function changedZones({ tx, userId }: Change, from: ZoneTable, to: ZoneTable): Promise<string[]> {
  const rows = await tx<{ time_zone: string }[]>`
    select distinct time_zone from api.tasks where user_id = ${userId} and due_at is not null`;
  const known = rows.map((row) => row.time_zone).filter((zone) => from.has(zone) && to.has(zone));
  return known.filter((zone) => !sameOffsets(from, to, zone));
}

/**
 * The next whole days that are still in another zone than the user's. Completed ones are moved when
 * they are reopened.
 */
async function seatDays(change: Change): Promise<boolean> {
  const { tx, userId, timeZone } = change;
  const rows = await tx`
    ${selectTasks(tx)} from api.tasks t
    where t.user_id = ${userId} and t.all_day and t.completed_at is null and t.time_zone <> ${timeZone}
    order by t.id limit ${tasksAtOnce}`;
  for (const state of rows.map(stateOf)) {
    const seated = seatedInZone(state, timeZone);
    if (seated) await save(change, state, seated);
  }
  if (rows.length === tasksAtOnce) return false;
  await tx`update api.users set days_zone = ${timeZone} where id = ${userId}`;
  return true;
}

async function save(change: Change, before: TaskState, { after, turns }: Seated, also = {}): Promise<void> {
  const row = { ...after.row, seatings: after.row.seatings + 1 };
  await saveTask(change, before, { ...after, row }, "task.updated", turns, also);
}
