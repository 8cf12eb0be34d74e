import { fatal } from "@carillon/kit/loop";

/** A program under test: started at once, and again by `launch()`. Its output is kept. */
export type Child = {
  pid(): number;
  exitCode(): number | null;
  output(): string;
  /** Sends the signal; returns the exit code. */
  end(signal: NodeJS.Signals): Promise<number>;
  launch(): void;
};

export type ChildOptions = {
  command: readonly string[];
  cwd: string;
  environment: Record<string, string>;
  /** Called with each piece of its output. */
  onOutput?: (text: string) => void;
};

export function startChild({ command, cwd, environment, onOutput = () => {} }: ChildOptions): Child {
  let printed = "";
  let child = launch();

  function launch() {
    const started = Bun.spawn([...command], { cwd, env: environment, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    for (const stream of [started.stdout, started.stderr]) collect(stream).catch(fatal);
    return started;
  }

  async function collect(stream: ReadableStream<Uint8Array>) {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      printed += text;
      onOutput(text);
    }
  }

  return {
    pid: () => child.pid,
    exitCode: () => child.exitCode,
    output: () => printed,
    async end(signal) {
      child.kill(signal);
      return child.exited;
    },
    launch() {
      child = launch();
    },
  };
}
