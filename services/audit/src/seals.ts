/** Proof that the audit process itself wrote an entry: its key is in no database. */
export type Seals = {
  /** The seal of an entry's hash, 64 hexadecimal digits. */
  of(hash: string): string;
  /** True when `seal` was made for `hash` with the current key or the previous one. */
  fits(hash: string, seal: string): boolean;
};

/** Names the meaning of a seal: another meaning needs another name. */
const layout = "carillon.audit.seal.v1\n";

/**
 * Seals made with `key` (HMAC-SHA-256); those of `oldKey` still verify. A hash covers its entry, its
 * position and all entries before it, so a database role can rewrite a whole chain and still cannot
 * seal it.
 */
export function createSeals(key: string, oldKey: string | null = null): Seals {
  const sealWith = (secret: string, hash: string): string =>
    new Bun.CryptoHasher("sha256", secret).update(layout).update(hash).digest("hex");
  return {
    of: (hash) => sealWith(key, hash),
    fits: (hash, seal) => seal === sealWith(key, hash) || (oldKey !== null && seal === sealWith(oldKey, hash)),
  };
}
