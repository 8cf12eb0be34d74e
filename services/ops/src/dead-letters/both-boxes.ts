import type { DeadLetter, LetterBox, Replay } from "./letter-box.ts";
import { outboxTopic } from "./parked-rows.ts";

/**
 * The bus's dead letters and the outbox's parked rows as one box; ids tell them apart. The bus is
 * asked first: `openOutbox` needs a database, and a bus that is away is the better message.
 */
export function bothBoxes(bus: LetterBox, openOutbox: () => LetterBox): LetterBox {
  let opened: LetterBox | null = null;
  const outbox = (): LetterBox => {
    opened ??= openOutbox();
    return opened;
  };
  const boxOf = (letter: DeadLetter): LetterBox => (letter.topic === outboxTopic ? outbox() : bus);
  return {
    async list(query) {
      const [one, other] = [await bus.list(query), await outbox().list(query)];
      const letters = [...one.letters, ...other.letters].toSorted(byAge).slice(0, query.limit);
      return { count: one.count + other.count, complete: one.complete && other.complete, letters };
    },
    find: async (id) => [...(id.startsWith(`${outboxTopic}:`) ? [] : await bus.find(id)), ...(await outbox().find(id))],
    obstacle: (letter) => boxOf(letter).obstacle(letter),
    async replay(letters) {
      const outcomes = new Map<string, Replay>();
      const ofOutbox = letters.filter(({ topic }) => topic === outboxTopic);
      const ofBus = letters.filter(({ topic }) => topic !== outboxTopic);
      // First what goes onto the bus, then what the bus has.
      if (ofOutbox.length > 0) for (const [id, outcome] of await outbox().replay(ofOutbox)) outcomes.set(id, outcome);
      if (ofBus.length > 0) for (const [id, outcome] of await bus.replay(ofBus)) outcomes.set(id, outcome);
      return outcomes;
    },
    drop: async (letter) => boxOf(letter).drop(letter),
  };
}

const byAge = (one: DeadLetter, other: DeadLetter): number => Date.parse(one.parked_at) - Date.parse(other.parked_at);
