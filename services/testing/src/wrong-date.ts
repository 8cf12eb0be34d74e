/** A machine whose clock is wrong, in the whole process: all that asks `Date` for the time gets it. */
export type WrongDate = {
  /** From now on the clock is wrong by so much. */
  set(skewMs: number): void;
  restore(): void;
};

export function wrongDate(): WrongDate {
  const right = Date;
  let skewMs = 0;
  const now = (): number => right.now() + skewMs;
  globalThis.Date = new Proxy(right, {
    construct: (target, given, called) => Reflect.construct(target, given.length === 0 ? [now()] : given, called),
    apply: () => new right(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
  return {
    set(ms) {
      skewMs = ms;
    },
    restore() {
      globalThis.Date = right;
    },
  };
}
