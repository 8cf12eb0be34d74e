import type { Node } from "tsc7/unstable/ast";

/** Work that was started at a place. */
export type Start = { at: Node };

/** `isFloating`: nothing awaits it on any path, wherever the function ends. */
export type Complaint = { at: Node; why: string; isFloating: boolean };

type State = { open: Set<Start>; held: Map<string, Start[]>; ended: boolean };

/** The work under way at a point of a function, the variables that hold it, and the findings so far. */
export class UnderWay {
  readonly #complaints = new Map<Node, Complaint>();
  readonly #declared = new Set<string>();
  #state: State = { open: new Set(), held: new Map(), ended: false };

  get complaints(): Complaint[] {
    return [...this.#complaints.values()];
  }

  start(at: Node): Start {
    const start = { at };
    this.#state.open.add(start);
    return start;
  }

  /** Something takes this work over: awaits it, or passes it on. */
  adopt(starts: readonly Start[]): void {
    for (const start of starts) this.#state.open.delete(start);
  }

  complain(starts: readonly Start[], why: string, isFloating = false): void {
    for (const start of starts) {
      if (!this.#state.open.delete(start) || this.#complaints.has(start.at)) continue;
      this.#complaints.set(start.at, { at: start.at, why, isFloating });
    }
  }

  /** At this point the function may wait, throw or return: open work, except what is `taken` along, is left behind. */
  mayEnd(why: string, taken: readonly Start[] = []): void {
    this.complain(
      [...this.#state.open].filter((start) => !taken.includes(start)),
      why,
    );
  }

  declare(names: readonly string[], starts: Start[]): void {
    for (const name of names) this.#declared.add(name);
    this.hold(names, starts);
  }

  /** False when a name is not of this function: work stored there outlives it. */
  hold(names: readonly string[], starts: Start[]): boolean {
    if (names.length === 0 || !names.every((name) => this.#declared.has(name))) return false;
    if (starts.length > 0) for (const name of names) this.#state.held.set(name, starts);
    return true;
  }

  /** The work that this variable holds; from now on it is in the expression that reads it. */
  take(name: string): Start[] {
    const starts = this.#state.held.get(name) ?? [];
    this.#state.held.delete(name);
    return starts.filter((start) => this.#state.open.has(start));
  }

  /** Runs a block; work still held by its own variables at its end was never awaited. */
  scope(work: () => void): void {
    const before = new Set(this.#state.held.keys());
    work();
    for (const [name, starts] of this.#state.held)
      if (!before.has(name)) this.complain(starts, "is not awaited on every path");
  }

  leave(why: string): void {
    this.mayEnd(why);
    this.#state.ended = true;
  }

  /** Runs each path from the same point; what one of them leaves open stays open. */
  fork(ways: readonly (() => void)[]): void {
    const before = this.#state;
    const ends = ways.map((way) => {
      this.#state = { open: new Set(before.open), held: new Map(before.held), ended: false };
      way();
      return this.#state;
    });
    const going = ends.filter(({ ended }) => !ended);
    this.#state = {
      open: new Set(going.flatMap(({ open }) => [...open])),
      held: new Map(going.flatMap(({ held }) => [...held])),
      ended: going.length === 0,
    };
  }
}
