/** One process of the product: how to start it, when it is up, and how long it may take to stop. */
export type Piece = {
  name: string;
  command: readonly string[];
  /** Where it runs. */
  folder: string;
  environment: Readonly<Record<string, string>>;
  /** Ports and addresses, for `processes.json`. */
  facts: Readonly<Record<string, string | number>>;
  isUp(): Promise<boolean>;
  /** Deadline of its first start. */
  startMs: number;
  /** From SIGTERM to SIGKILL. */
  stopMs: number;
};

/** Up when it answers with 2xx. */
export const answersOk =
  (url: string, headers: Record<string, string> = {}): Piece["isUp"] =>
  () =>
    fetch(url, { headers, signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );

/** The part of our environment that other programs get: enough to find their files, no secret. */
export function plainEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
