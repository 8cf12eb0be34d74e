import { metrics } from "@carillon/kit/observe";
import { Problem } from "@carillon/kit/service";
import type { Frame } from "./frame.ts";
import { drain, type EndReason, type Line, offer } from "./line.ts";

export type Limits = {
  /** Maximum open connections of one user. */
  perUser: number;
  /** Maximum open connections of this process. */
  total: number;
};

export const defaultLimits: Limits = { perUser: 50, total: 10_000 };

/** Silence after which a connection gets a ping. */
export const pingMs = 15_000;
/** How often api is asked whether an open connection's session is still valid, in case the broker lost the event. */
export const recheckMs = 15_000;
/** A client without room for this many pings in a row is gone or hangs. */
const mostPingsWithoutRoom = 2;
/** Clients have nothing to send; more messages than this between two pings are an attack or a mistake. */
const mostHeard = 50;
/** Maximum ended sessions remembered, for connections that were being opened when the event came. */
const mostEnded = 10_000;

/** A session with open connections; `token` is what api is asked about. */
export type OpenSession = { readonly id: string; token: string; nextCheckAtMs: number; readonly lines: Set<Line> };

type Reach = { userId: string; sessionId: string };

/** The open connections by user and by session, SSE and WebSocket alike. */
export class Hub {
  readonly #limits: Limits;
  readonly #users = new Map<string, Set<Line>>();
  readonly #sessions = new Map<string, OpenSession>();
  readonly #ended = new Set<string>();
  readonly #onClose: (line: Line, reason: EndReason) => void;
  #size = 0;
  #stopped = false;

  constructor({ limits, onClose }: { limits: Limits; onClose: (line: Line, reason: EndReason) => void }) {
    this.#limits = limits;
    this.#onClose = onClose;
  }

  /** Open connections. */
  get size(): number {
    return this.#size;
  }

  /** True when no state of any connection is left. */
  isEmpty(): boolean {
    return this.#size === 0 && this.#users.size === 0 && this.#sessions.size === 0;
  }

  /**
   * @throws Problem when a further connection of this session cannot be accepted: it ended (401), too
   * many (429, 503), stopping (503).
   */
  admit({ userId, sessionId }: Reach): void {
    if (this.#ended.has(sessionId)) throw sessionEnded();
    if (this.#stopped)
      throw new Problem("unavailable", "This server is stopping. Reconnect.", { headers: { "retry-after": "1" } });
    if ((this.#users.get(userId)?.size ?? 0) >= this.#limits.perUser) {
      throw new Problem(
        "too_many_requests",
        `At most ${this.#limits.perUser} live connections at a time. Close one first.`,
        {
          headers: { "retry-after": "30" },
        },
      );
    }
    if (this.#size >= this.#limits.total) {
      throw new Problem("unavailable", "The server has too many live connections right now.", {
        headers: { "retry-after": "5" },
      });
    }
  }

  /** Adds the connection, under the same conditions as `admit`. From now on it gets its user's changes. */
  open(line: Line, token: string): void {
    this.admit(line);
    const ofUser = this.#users.get(line.userId);
    if (ofUser) ofUser.add(line);
    else this.#users.set(line.userId, new Set([line]));
    const session = this.#sessions.get(line.sessionId);
    if (session) {
      session.token = token;
      session.lines.add(line);
    } else {
      this.#sessions.set(line.sessionId, {
        id: line.sessionId,
        token,
        nextCheckAtMs: line.openedAtMs + recheckMs,
        lines: new Set([line]),
      });
    }
    this.#size += 1;
    metrics.openStreams.inc({ kind: line.kind });
  }

  /** Removes the connection and ends it; idempotent. */
  close(line: Line, reason: EndReason): void {
    if (!line.open) return;
    line.open = false;
    line.waiting = [];
    line.held = null;
    const ofUser = this.#users.get(line.userId);
    if (ofUser?.delete(line)) {
      if (ofUser.size === 0) this.#users.delete(line.userId);
      const session = this.#sessions.get(line.sessionId);
      session?.lines.delete(line);
      if (session?.lines.size === 0) this.#sessions.delete(line.sessionId);
      this.#size -= 1;
      metrics.openStreams.dec({ kind: line.kind });
    }
    line.sink.end(reason);
    this.#onClose(line, reason);
  }

  /** Hands the change to its user's connections only. */
  deliver(userId: string, frame: Frame): void {
    for (const line of this.#users.get(userId) ?? []) offer(line, frame);
  }

  /** The client has read something: there may be room for waiting messages. */
  drained(line: Line): void {
    drain(line);
  }

  /** A message came from the client; its content is ignored, a flood is not. */
  heard(line: Line): void {
    line.heard += 1;
    if (line.heard > mostHeard) this.close(line, "noisy");
  }

  endSession(sessionId: string): void {
    this.#ended.add(sessionId);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= mostEnded) break;
      this.#ended.delete(oldest);
    }
    for (const line of this.#sessions.get(sessionId)?.lines ?? []) this.close(line, "session_ended");
  }

  endUser(userId: string): void {
    for (const line of this.#users.get(userId) ?? []) this.close(line, "session_ended");
  }

  /**
   * The sessions whose last check is the longest ago, at most `most` and none checked recently; each
   * counts as checked from now on.
   */
  takeUnchecked(nowMs: number, most: number): OpenSession[] {
    const due: OpenSession[] = [];
    for (const session of this.#sessions.values()) {
      if (due.length >= most || session.nextCheckAtMs > nowMs) break;
      due.push(session);
    }
    for (const session of due) {
      // Moved to the end of the map, which keeps it in the order of the next check and starves no
      // session.
      this.#sessions.delete(session.id);
      session.nextCheckAtMs = nowMs + recheckMs;
      this.#sessions.set(session.id, session);
    }
    return due;
  }

  /** The work of time: pings, the end of sessions, the end of clients that do not read. Call it about once a second. */
  tick(nowMs: number): void {
    for (const lines of this.#users.values()) {
      for (const line of lines) {
        if (line.expiresAtMs !== null && line.expiresAtMs <= nowMs) this.close(line, "session_ended");
        else if (line.nextPingAtMs <= nowMs) this.#ping(line, nowMs);
      }
    }
  }

  #ping(line: Line, nowMs: number): void {
    line.nextPingAtMs = nowMs + pingMs;
    line.heard = 0;
    if (line.sink.hasRoom()) {
      line.pingsWithoutRoom = 0;
      line.sink.ping();
      return;
    }
    line.pingsWithoutRoom += 1;
    if (line.pingsWithoutRoom >= mostPingsWithoutRoom) this.close(line, "slow");
  }

  /** Ends every connection and accepts no new one: clients connect to another replica, or to the next process here. */
  stop(): void {
    this.#stopped = true;
    for (const lines of this.#users.values()) for (const line of lines) this.close(line, "stopping");
  }
}

export const sessionEnded = (): Problem =>
  new Problem("unauthenticated", "Sign in: the request has no valid credential.", {
    headers: { "www-authenticate": "Bearer" },
  });
