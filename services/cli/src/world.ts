/** What the program touches outside itself. */
export type World = {
  env: Record<string, string | undefined>;
  now: () => Date;
  fetch: (request: Request) => Promise<Response>;
  /** Resolves when the reader has taken it. */
  out: (part: string | Uint8Array) => Promise<void>;
  err: (line: string) => void;
  /** The answer to a question on the terminal, null without one. A secret is not shown while it is typed. */
  ask: (question: string, secret: boolean) => Promise<string | null>;
  input: () => ReadableStream<Uint8Array>;
  /** Standard output is a terminal of this many columns; null: it is a file or a pipe. */
  columns: number | null;
  sleep: (ms: number) => Promise<void>;
  /** Aborted when the user ends the program. */
  signal: AbortSignal;
  /** Where relative file names start. */
  folder: string;
  home: string;
};
