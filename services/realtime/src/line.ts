import { type Frame, type Message, resyncMessage } from "./frame.ts";

/**
 * Why a connection ends: the client left, its session ended, it does not read, it sends too much, this
 * process stops.
 */
export type EndReason = "gone" | "session_ended" | "slow" | "noisy" | "stopping";

/** The way out to one client: an SSE stream or a WebSocket. */
export type Sink = {
  /** False while the client does not read: further writes would accumulate in this process. */
  hasRoom(): boolean;
  write(message: Message): void;
  ping(): void;
  /** Called once; nothing is written afterwards. */
  end(reason: EndReason): void;
};

/** One open connection. Its memory is bounded: at most `mostWaiting` messages wait, and connections share them. */
export type Line = {
  readonly kind: "sse" | "websocket";
  readonly userId: string;
  readonly sessionId: string;
  readonly openedAtMs: number;
  readonly sink: Sink;
  expiresAtMs: number | null;
  open: boolean;
  /** Number of the newest change that was sent or waits; nothing up to it is sent again. */
  lastId: number;
  /** Changes that arrive while api is asked for the missed ones; null afterwards. */
  held: Frame[] | null;
  waiting: Message[];
  /** The client read too slowly: everything up to this change was dropped, and it gets a resync. */
  skippedTo: number | null;
  nextPingAtMs: number;
  pingsWithoutRoom: number;
  /** Messages from the client since the last ping. */
  heard: number;
};

/** A connection not yet in the hub. `resumes`: changes are held back until `catchUp` delivers what came before them. */
export function newLine(
  of: Pick<Line, "kind" | "userId" | "sessionId" | "expiresAtMs" | "sink"> & {
    resumes: { after: number } | null;
    nowMs: number;
    pingMs: number;
  },
): Line {
  const { resumes, nowMs, pingMs, ...line } = of;
  return {
    ...line,
    openedAtMs: nowMs,
    open: true,
    lastId: resumes?.after ?? 0,
    held: resumes ? [] : null,
    waiting: [],
    skippedTo: null,
    nextPingAtMs: nowMs + pingMs,
    pingsWithoutRoom: 0,
    heard: 0,
  };
}

/** Maximum changes api replays after a reconnect; a client further behind reads everything again. */
export const mostWaiting = 1_000;

/**
 * What a client missed: the changes after its last one, or "too many", with the change to resume from
 * when api knows it.
 */
export type Missed = { kind: "changes"; frames: readonly Frame[] } | { kind: "resync"; latest: number | null };

/**
 * Sends the change as soon as the client has room for it, unless one as new was already sent: ids only
 * ascend, duplicates are dropped here.
 */
export function offer(line: Line, frame: Frame): void {
  if (line.held) hold(line, line.held, frame);
  else if (frame.id > line.lastId) enqueue(line, frame);
}

function hold(line: Line, held: Frame[], frame: Frame): void {
  if (line.skippedTo === null && held.length < mostWaiting) held.push(frame);
  else skipTo(line, Math.max(line.skippedTo ?? 0, frame.id, ...ids(held)));
}

function enqueue(line: Line, frame: Frame): void {
  line.lastId = frame.id;
  if (line.skippedTo === null && line.waiting.length < mostWaiting) line.waiting.push(frame);
  else skipTo(line, frame.id);
  drain(line);
}

function skipTo(line: Line, id: number): void {
  line.skippedTo = id;
  line.waiting = [];
  if (line.held) line.held = [];
}

/**
 * Ends the catch-up: what was missed goes first, then newer arrivals, sorted, so that a late delivery
 * among them is not lost.
 */
export function catchUp(line: Line, missed: Missed): void {
  if (!line.held) return;
  const arrived = line.held.toSorted((one, other) => one.id - other.id);
  line.held = null;
  if (line.skippedTo !== null) {
    const known = missed.kind === "resync" ? [missed.latest ?? 0] : ids(missed.frames);
    line.lastId = line.skippedTo = Math.max(line.skippedTo, ...known);
  } else if (missed.kind === "resync") {
    line.lastId = missed.latest ?? line.lastId;
    line.waiting.push(resyncMessage(missed.latest));
    append(line, arrived);
  } else {
    append(line, [...missed.frames, ...arrived]);
  }
  drain(line);
}

function append(line: Line, frames: readonly Frame[]): void {
  for (const frame of frames) {
    if (frame.id <= line.lastId) continue;
    line.lastId = frame.id;
    line.waiting.push(frame);
  }
}

/** Writes waiting messages as far as the client has room. */
export function drain(line: Line): void {
  while (line.open && !line.held && line.sink.hasRoom()) {
    const next = line.waiting.shift() ?? takeResync(line);
    if (!next) return;
    line.sink.write(next);
  }
}

function takeResync(line: Line): Message | null {
  if (line.skippedTo === null) return null;
  const message = resyncMessage(line.skippedTo);
  line.skippedTo = null;
  return message;
}

const ids = (frames: readonly Frame[]): number[] => frames.map((frame) => frame.id);
