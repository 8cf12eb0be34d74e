import type { Admin } from "kafkajs";

const ledMs = 30_000;

/**
 * Resolves when every partition of these topics has a leader, so that the next client can write to it;
 * a broker reports a new topic before it has one.
 * @throws Error when that takes longer than 30 s.
 */
export async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  if (topics.length === 0) return;
  const limit = performance.now() + ledMs;
  while (!(await areLed(admin, topics))) {
    if (performance.now() > limit)
      throw new Error(`The broker has created ${topics.join(", ")}, but they have no leader yet.`);
    await Bun.sleep(100);
  }
}

async function areLed(admin: Admin, topics: string[]): Promise<boolean> {
  const answer = await admin.fetchTopicMetadata({ topics }).catch(() => ({ topics: [] }));
  const partitions = answer.topics.map((topic) => topic.partitions);
  return (
    partitions.length === topics.length &&
    partitions.every((some) => some.length > 0 && some.every(({ leader }) => leader >= 0))
  );
}
