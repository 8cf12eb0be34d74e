import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** The typed answer; null where there is no terminal to ask at. A secret is not echoed. */
export async function ask(question: string, secret: boolean): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: secret ? silent : process.stderr, terminal: true });
  try {
    if (secret) process.stderr.write(question);
    const typed = await lines.question(secret ? "" : question);
    if (secret) process.stderr.write("\n");
    return typed;
  } finally {
    lines.close();
  }
}
