import { TimeoutError, within } from "@carillon/kit/loop";
import type { Admin, Consumer, EachBatchPayload, Kafka } from "kafkajs";
import { withAdmin } from "../broker/connect.ts";

/** One message of a topic; `writtenAt` in milliseconds since 1970. */
export type LetterRecord = {
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  value: string;
  writtenAt: number;
};

/** Called with the messages in the order of their partitions; false: stop. */
export type Visit = (records: LetterRecord[]) => Promise<boolean>;

const readMs = 60_000;
const atOnce = 32;

/**
 * Shows `visit` everything these topics held at the start, and returns whether that was all: false
 * when `visit` stopped, or it took a minute. Nothing is committed: a topic can be read by many, and
 * again.
 */
export async function readRecords(kafka: Kafka, topics: readonly string[], visit: Visit): Promise<boolean> {
  const unread = await withAdmin(kafka, (admin) => endsOf(admin, topics));
  if (unread.size === 0) return true;
  // A group of its own, deleted afterwards: under one name two readers would share the messages.
  const groupId = `carillon-ops-${crypto.randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 });
  const finished = Promise.withResolvers<boolean>();
  // Without this handler a failed connection would be an unhandled error.
  finished.promise.catch(() => {});
  try {
    await consumer.connect();
    consumer.on("consumer.crash", ({ payload }) => finished.reject(payload.error));
    await consumer.subscribe({ topics: topicsIn(unread), fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: (payload) => readBatch(payload, unread, visit, finished) });
    return await within(readMs, "the dead letters", finished.promise);
  } catch (error) {
    if (error instanceof TimeoutError) return false;
    throw error;
  } finally {
    await end(kafka, consumer, groupId);
  }
}

/** `topic:partition` → the offset after its last message, for those that hold any. */
async function endsOf(admin: Admin, wanted: readonly string[]): Promise<Map<string, number>> {
  const known = new Set(await admin.listTopics());
  const ends = new Map<string, number>();
  for (const topic of wanted.filter((name) => known.has(name))) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (low !== high) ends.set(`${topic}:${partition}`, Number(high));
    }
  }
  return ends;
}

const topicsIn = (ends: ReadonlyMap<string, number>): string[] => [
  ...new Set([...ends.keys()].map((place) => place.slice(0, place.lastIndexOf(":")))),
];

async function readBatch(
  { batch, heartbeat }: EachBatchPayload,
  unread: Map<string, number>,
  visit: Visit,
  finished: PromiseWithResolvers<boolean>,
): Promise<void> {
  const place = `${batch.topic}:${batch.partition}`;
  const end = unread.get(place);
  if (end === undefined) return;
  const records = batch.messages
    .filter(({ offset }) => Number(offset) < end)
    .map(({ offset, key, value, timestamp }) => ({
      topic: batch.topic,
      partition: batch.partition,
      offset,
      key: key?.toString() ?? null,
      value: value?.toString() ?? "",
      writtenAt: Number(timestamp),
    }));
  try {
    for (let at = 0; at < records.length; at += atOnce) {
      if (!(await visit(records.slice(at, at + atOnce)))) {
        unread.clear();
        return finished.resolve(false);
      }
      await heartbeat();
    }
  } catch (error) {
    unread.clear();
    return finished.reject(error);
  }
  if (Number(batch.lastOffset()) >= end - 1) unread.delete(place);
  if (unread.size === 0) finished.resolve(true);
}

async function end(kafka: Kafka, consumer: Consumer, groupId: string): Promise<void> {
  await consumer.disconnect().catch(() => {});
  // Best effort: the broker itself removes an empty group after a while.
  await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => {});
}
