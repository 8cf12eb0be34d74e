import { recordSpans, type StartedSpan, type Trace, traceparentOf } from "@carillon/kit/observe";

export type KeptSpan = Omit<StartedSpan, "links"> & {
  trace: Trace;
  links: Trace[];
  failed: string | null;
  ended: boolean;
};

/** Records every span from here on, in the order of their starts; `stop` clears them, which `using` does. */
export function keepSpans() {
  const spans: KeptSpan[] = [];
  recordSpans({
    start(started) {
      const sampled = started.parent?.sampled ?? true;
      const trace = { traceId: started.parent?.traceId ?? hex(16), spanId: hex(8), sampled };
      const kept: KeptSpan = {
        ...started,
        attributes: { ...started.attributes },
        links: [...started.links],
        trace,
        failed: null,
        ended: false,
      };
      spans.push(kept);
      return {
        trace,
        rename(name) {
          kept.name = name;
        },
        set: (attributes) => void Object.assign(kept.attributes, attributes),
        link: (other) => void kept.links.push(other),
        fail(type) {
          kept.failed = type;
        },
        end() {
          kept.ended = true;
        },
      };
    },
  });
  const named = (name: string): KeptSpan => {
    const [span, ...more] = spans.filter((one) => one.name === name);
    if (!span || more.length > 0)
      throw new Error(`${name} is there not once; there are: ${spans.map((one) => one.name)}`);
    return span;
  };
  return {
    spans,
    /** The one span of that name. */
    named,
    /** From the outermost to this one: who did what, and within what. */
    path(of: KeptSpan): string[] {
      const parent = spans.find(({ trace }) => of.parent !== null && traceparentOf(trace) === traceparentOf(of.parent));
      return [...(parent ? this.path(parent) : []), `${of.service ?? "-"} ${of.kind} ${of.name}`];
    },
    [Symbol.dispose]: () => recordSpans(null),
  };
}

const hex = (bytes: number): string => crypto.getRandomValues(new Uint8Array(bytes)).toHex();
