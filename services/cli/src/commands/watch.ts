import type { Task } from "@carillon/contracts/http/tasks";
import { defaultPorts } from "@carillon/contracts/names";
import { readUrl } from "../account/find-account.ts";
import { Failure } from "../exit.ts";
import { renew, send, Unreachable } from "../http/client.ts";
import { readStream } from "../http/read-answer.ts";
import { type ServerEvent, serverEvents } from "../http/server-events.ts";
import { noteTask, titleOf } from "../kept/known-tasks.ts";
import { printable, printableLine } from "../terminal/printable.ts";
import { sayDate } from "../terminal/say-date.ts";
import { me, type Run } from "./command.ts";

/** The product pings every 15 s; after this much silence the connection is dead. */
const maxSilenceMs = 45_000;
const [minPauseMs, maxPauseMs] = [1_000, 30_000];

type Changed = { event_type: string; task_id: string | null; version?: number };

/** Prints what changes until the user ends it, across lost connections: after one, what was missed comes first. */
export async function watch(run: Run): Promise<void> {
  const { world, screen } = run;
  const { time_zone: zone } = await me(run);
  let pauseMs = minPauseMs;
  const place: Place = { lastId: null, wasOpen: false };
  while (!world.signal.aborted) {
    try {
      for await (const event of connection(run, place)) {
        pauseMs = minPauseMs;
        await say(run, zone, event);
      }
    } catch (error) {
      if (world.signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      if (error.exit !== "later" && !(error.exit === "signIn" && (await renew(world, run.client.account)))) throw error;
      screen.note(`${error.message} Trying again.`);
    }
    if (world.signal.aborted) return;
    await world.sleep(pauseMs);
    pauseMs = Math.min(maxPauseMs, 2 * pauseMs);
  }
}

type Place = { lastId: string | null; wasOpen: boolean };

async function* connection({ world, client, screen }: Run, place: Place): AsyncGenerator<ServerEvent> {
  const { url, token } = client.account;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), maxSilenceMs);
  const quiet: typeof world = { ...world, signal: AbortSignal.any([world.signal, silence.signal]) };
  const headers = { accept: "text/event-stream", ...(place.lastId === null ? {} : { "last-event-id": place.lastId }) };
  try {
    const answer = await send(quiet, streamUrl(world.env, url), "/stream", { headers, timeoutMs: null }, token);
    const stream = await readStream(answer, /^text\/event-stream/);
    screen.note(place.wasOpen ? "Watching again." : "Watching; Ctrl-C ends it.");
    place.wasOpen = true;
    for await (const event of serverEvents(stream)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), maxSilenceMs);
      if (event === null) continue;
      place.lastId = event.id ?? place.lastId;
      yield event;
    }
  } catch (error) {
    throw error instanceof Failure ? error : new Unreachable(url, false, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Where a product's live door is: in a cluster at the same address, without one at a port of its own. */
function streamUrl(env: Record<string, string | undefined>, api: URL): URL {
  if (env.CARILLON_REALTIME_URL) return readUrl(env.CARILLON_REALTIME_URL);
  const url = new URL(api);
  if (url.port === String(defaultPorts.api)) url.port = String(defaultPorts.realtime);
  return url;
}

async function say(run: Run, zone: string, { id, event, data }: ServerEvent): Promise<void> {
  const { screen, world } = run;
  const changed = read(data);
  if (screen.json) return world.out(`${printableLine({ id, event, data: changed ?? data })}\n`);
  const at = sayDate(world.now().toISOString(), { zone, allDay: false, now: world.now() }).replace("today ", "");
  if (event === "resync") return screen.line(`${at}  much changed; carillon list shows how it is now`);
  if (changed === null) return;
  const title = changed.task_id === null ? "" : await titleNow(run, changed.task_id);
  await screen.line(`${at}  ${printable(changed.event_type.replace(".", " ").replace("_", " "))}  ${printable(title)}`);
}

function read(data: string): Changed | null {
  try {
    const value = JSON.parse(data);
    return typeof value?.event_type === "string" ? value : null;
  } catch {
    return null;
  }
}

/** A deleted task answers no more; then the title under which it was last seen. */
async function titleNow({ client, store }: Run, id: string): Promise<string> {
  const { key } = client.account;
  try {
    const task = await client.json<Task>(`/api/tasks/${encodeURIComponent(id)}`);
    noteTask(store, key, task);
    return task.title;
  } catch (error) {
    if (error instanceof Failure) return titleOf(store, key, id) ?? id;
    throw error;
  }
}
