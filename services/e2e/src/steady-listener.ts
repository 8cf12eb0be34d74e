import { type Frame, type Listener, listen } from "./live.ts";

/** A stream that is reopened from its last position whenever it ends, as a browser does it. */
export type SteadyListener = { frames(): Frame[]; stop(): Promise<void> };

const pauseMs = 500;

export function keepListening(url: string, token: string): SteadyListener {
  const streams: Listener[] = [];
  let isStopped = false;
  const frames = () => streams.flatMap((stream) => stream.frames);

  async function run(): Promise<void> {
    while (!isStopped) {
      const last = frames().findLast(({ id }) => id !== null)?.id;
      const stream = await listen(url, token, last ? { "last-event-id": last } : {}).catch(() => null);
      if (stream) streams.push(stream);
      if (isStopped) stream?.close();
      await stream?.closed;
      if (!isStopped) await Bun.sleep(pauseMs);
    }
  }

  const running = run();
  return {
    frames,
    async stop() {
      isStopped = true;
      streams.at(-1)?.close();
      await running;
    },
  };
}
