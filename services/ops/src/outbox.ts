import type { Sql } from "@carillon/kit/database";
import { age, type Report, report } from "./report.ts";

type Row = { pending: number; oldest_seconds: number | null };

/** How much of what was committed is not on the bus yet, and how old the oldest of it is, by the database's clock. */
export async function reportOutbox(api: Sql): Promise<Report> {
  const [row] = await api<Row[]>`
    select count(*)::int as pending, extract(epoch from clock_timestamp() - min(created_at))::float8 as oldest_seconds
    from api.outbox where published_at is null`;
  const { pending, oldest_seconds } = row ?? { pending: 0, oldest_seconds: null };
  const line =
    oldest_seconds === null
      ? "Everything committed is on the bus."
      : `${pending} ${pending === 1 ? "change waits" : "changes wait"} for the bus, the oldest for ${age(oldest_seconds)}.`;
  return report([line], { pending, oldest_seconds });
}
