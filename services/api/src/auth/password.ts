import { FairQueue, type QueueCaller } from "./admission/fair-queue.ts";

/**
 * Hashing costs 19 MiB and about 70 ms of processor time each, so a queue of twenty takes a second or
 * two.
 */
const queueLimits = { maxRunning: 2, maxWaiting: 20 };

/**
 * Each hashes in its caller's turn. @throws NotServed when the queue is full or the caller stopped
 * waiting.
 */
export type Passwords = {
  hash(password: string, caller: QueueCaller): Promise<string>;
  verify(password: string, hash: string, caller: QueueCaller): Promise<boolean>;
  /**
   * Takes as long as `verify` and returns false, so that timing does not reveal which addresses have an
   * account.
   */
  verifyNobody(password: string, caller: QueueCaller): Promise<false>;
};

/**
 * argon2id at OWASP's minimum (19 MiB, t=2), at most two in parallel. Two keyboards may spell one
 * password with different code points, so its NFC is hashed (RFC 8265 §4.2).
 */
export function argonPasswords(
  cost: { memoryCost: number; timeCost: number } = { memoryCost: 19_456, timeCost: 2 },
): Passwords {
  const queue = new FairQueue(queueLimits);
  const argon = async (password: string) =>
    Bun.password.hash(password.normalize("NFC"), { algorithm: "argon2id", ...cost });
  const isOf = async (password: string, known: string) => Bun.password.verify(password.normalize("NFC"), known);
  // Created again by each call that finds none: one failure must not fail all later calls.
  let decoy: string | null = null;
  return {
    hash: async (password, caller) => queue.run(caller, () => argon(password)),
    verify: async (password, known, caller) => queue.run(caller, () => isOf(password, known)),
    verifyNobody: async (password, caller) => {
      await queue.run(caller, async () => {
        decoy ??= await argon("a password of no account");
        return isOf(password, decoy);
      });
      return false;
    },
  };
}
