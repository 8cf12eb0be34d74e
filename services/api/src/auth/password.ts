/** Hashing costs 19 MiB and about 70 ms each; a crowd at the door must wait rather than take the memory. */
const atOnce = 2;

export type Passwords = {
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
  /** Takes as long as `verify` and answers no: who asks must not learn from the clock which addresses have an account. */
  verifyNobody(password: string): Promise<false>;
};

/**
 * argon2id as OWASP's minimum asks (19 MiB, t=2), at most two at once. Two keyboards may spell one password with different code
 * points: what is hashed is its NFC (RFC 8265 §4.2).
 */
export function argonPasswords(
  cost: { memoryCost: number; timeCost: number } = { memoryCost: 19_456, timeCost: 2 },
): Passwords {
  const limited = limiter(atOnce);
  const hash = (password: string) =>
    limited(async () => Bun.password.hash(password.normalize("NFC"), { algorithm: "argon2id", ...cost }));
  // Asked for again by each call that finds no decoy: one that could not be made must not fail all that follow.
  let decoy: string | null = null;
  async function decoyHash(): Promise<string> {
    decoy ??= await hash("a password nobody has");
    return decoy;
  }
  return {
    hash,
    verify: (password, known) => limited(async () => Bun.password.verify(password.normalize("NFC"), known)),
    verifyNobody: async (password) => {
      const known = await decoyHash();
      await limited(async () => Bun.password.verify(password.normalize("NFC"), known));
      return false;
    },
  };
}

function limiter(most: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
