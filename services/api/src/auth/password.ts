import { FairQueue, type QueueCaller } from "./admission/fair-queue.ts";

/**
 * Hashing costs 19 MiB and about 70 ms of a processor each. Twenty that wait are worked off
 * within a second or two.
 */
const queueLimits = { maxRunning: 2, maxWaiting: 20 };

/**
 * Each hashes in its caller's turn. @throws NotServed when the queue is full or the caller
 * stopped waiting.
 */
export type Passwords = {
  hash(password: string, caller: QueueCaller): Promise<string>;
  verify(password: string, hash: string, caller: QueueCaller): Promise<boolean>;
  /**
   * Takes as long as `verify` and answers no: a caller must not learn from the clock which
   * addresses have an account.
   */
  verifyNobody(password: string, caller: QueueCaller): Promise<false>;
};

/**
 * argon2id as OWASP's minimum asks (19 MiB, t=2), at most two at once. Two keyboards may spell
 * one password with different code points: what is hashed is its NFC (RFC 8265 §4.2).
 */
export function argonPasswords(
  cost: { memoryCost: number; timeCost: number } = { memoryCost: 19_456, timeCost: 2 },
): Passwords {
  const queue = new FairQueue(queueLimits);
  const argon = async (password: string) =>
    Bun.password.hash(password.normalize("NFC"), { algorithm: "argon2id", ...cost });
  const isOf = async (password: string, known: string) => Bun.password.verify(password.normalize("NFC"), known);
  // Asked for again by each call that finds no decoy: one that could not be made must not fail all
  // that follow.
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
