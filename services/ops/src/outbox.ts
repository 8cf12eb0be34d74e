import type { Sql } from "@carillon/kit/database";
import { age, type Report, report } from "./report.ts";

type Row = { pending: number; oldest_seconds: number | null; parked: number };

/**
 * How many committed changes are not on the bus yet, and the age of the oldest, by the database's
 * clock; beside it the rows parked because they cannot be read.
 */
export async function reportOutbox(api: Sql): Promise<Report> {
  const [row] = await api<Row[]>`
    select count(*) filter (where parked_at is null)::int as pending,
      extract(epoch from clock_timestamp() - min(created_at) filter (where parked_at is null))::float8 as oldest_seconds,
      count(parked_at)::int as parked
    from api.outbox where published_at is null`;
  const { pending, oldest_seconds, parked } = row ?? { pending: 0, oldest_seconds: null, parked: 0 };
  const line =
    oldest_seconds === null
      ? "Everything committed is on the bus."
      : `${pending} ${pending === 1 ? "change waits" : "changes wait"} for the bus, the oldest for ${age(oldest_seconds)}.`;
  const aside =
    parked === 0 ? [] : [`${parked} cannot be read and ${parked === 1 ? "is" : "are"} parked: \`dlq list\`.`];
  return report([line, ...aside], { pending, oldest_seconds, parked });
}
