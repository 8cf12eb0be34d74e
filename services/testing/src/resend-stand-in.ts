type Asked = { path: string; key: string | null; authorization: string | null; body: unknown };
type Trouble = 307 | 400 | 401 | 403 | 404 | 409 | 422 | 429 | 500 | 502 | 503 | "hang" | "lose the answer" | Response;

export type StandIn = {
  url: URL;
  /** Every request, in order. */
  asked: Asked[];
  /** What went out: each key once, as Resend does it. */
  sent: { key: string; subject: string }[];
  /** The next request meets this; `headers` go with a status. A Response is a proxy's, sent as it is. */
  next(trouble: Trouble, headers?: Record<string, string>): void;
  stop(): Promise<void>;
};

const names: Partial<Record<number, string>> = { 409: "concurrent_idempotent_requests", 429: "rate_limit_exceeded" };

/** Resend's `POST /emails` over real HTTP: keys are remembered with their content, faults can be injected. */
export function startResend(): StandIn {
  const asked: Asked[] = [];
  const sent: StandIn["sent"] = [];
  const known = new Map<string, string>();
  const troubles: { trouble: Trouble; headers: Record<string, string> }[] = [];

  function take(key: string, body: string): Response {
    const before = known.get(key);
    if (before !== undefined && before !== body) return refusal(409, "invalid_idempotent_request");
    if (before === undefined) {
      known.set(key, body);
      sent.push({ key, subject: JSON.parse(body).subject });
    }
    return Response.json({ id: crypto.randomUUID() });
  }

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const body = await request.text();
      const key = request.headers.get("idempotency-key");
      const authorization = request.headers.get("authorization");
      asked.push({ path: new URL(request.url).pathname, key, authorization, body: JSON.parse(body) });
      const { trouble, headers } = troubles.shift() ?? { trouble: null, headers: {} };
      if (trouble === "hang") return new Promise<Response>(() => {});
      if (trouble instanceof Response) return trouble;
      if (typeof trouble === "number") return refusal(trouble, names[trouble] ?? "validation_error", headers);
      const answer = take(key ?? "", body);
      return trouble === "lose the answer" ? new Promise<Response>(() => {}) : answer;
    },
  });
  return {
    url: server.url,
    asked,
    sent,
    next: (trouble, headers = {}) => void troubles.push({ trouble, headers }),
    stop: () => server.stop(true),
  };
}

const refusal = (status: number, name: string, headers: Record<string, string> = {}): Response =>
  Response.json({ statusCode: status, name, message: "for ada@example.com" }, { status, headers });
