/** A span in Zipkin's API format (https://zipkin.io/zipkin-api/); names in lower case. */
export type Span = {
  traceId: string;
  id: string;
  parentId?: string;
  kind?: string;
  name: string;
  localEndpoint?: { serviceName?: string };
  tags?: Record<string, string>;
};

/** Zipkin's answers; the newest traces it knows. */
export function zipkinAt(address: string) {
  const get = async <Answer>(path: string, without: Answer): Promise<Answer> => {
    const response = await fetch(`${address}/api/v2${path}`);
    return response.ok ? ((await response.json()) as Answer) : without;
  };
  return {
    trace: (id: string) => get<Span[]>(`/trace/${id}`, []),
    /** Traces with a span that links to this one. */
    linkedTo: (id: string) =>
      get<Span[][]>(`/traces?limit=100&annotationQuery=${encodeURIComponent(`carillon.linked_trace_id=${id}`)}`, []),
  };
}

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** `<service> <name>`, as the tests name a hop; without the ids that sidecars put into names. */
export const hop = ({ localEndpoint, name }: Span): string =>
  `${localEndpoint?.serviceName} ${name.replace(uuid, "<id>")}`;

/**
 * The hops from the trace's first one to a span that `is` matches, each the child of the one before;
 * the longest such path, or null. `isWhole`: it starts where the trace does, and none is missing in
 * between.
 */
export function pathTo(
  spans: readonly Span[],
  is: (span: Span) => boolean,
): { hops: string[]; isWhole: boolean } | null {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const paths = spans.filter(is).map((last) => {
    const hops: string[] = [];
    let first = last;
    for (let span: Span | undefined = last; span; span = byId.get(span.parentId ?? "")) {
      hops.unshift(hop(span));
      first = span;
    }
    return { hops, isWhole: first.parentId === undefined };
  });
  return paths.sort((a, b) => b.hops.length - a.hops.length)[0] ?? null;
}
