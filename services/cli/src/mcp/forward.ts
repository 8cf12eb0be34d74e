/** Where messages go, and where answers come out. */
export type Ends = {
  url: URL;
  token: string;
  send: (url: URL, request: RequestInit) => Promise<Response>;
  write: (line: string) => void;
};

type Id = string | number;
type Message = { id?: Id; method?: string; params?: Record<string, unknown>; result?: unknown };

/** Further lines wait until one of these is answered. */
const maxUnderWay = 32;

/** A subscription's answer stays open. */
const isLasting = ({ method }: Message): boolean => method === "subscriptions/listen";

/** Sends each line as a request of its own and writes what comes back; ends when the lines have ended and all that ends is answered. */
export async function forwardLines(lines: AsyncIterable<string>, ends: Ends): Promise<void> {
  const underWay = new Map<Id, AbortController>();
  const open = new Set<Promise<void>>();
  const lasting = new Set<AbortController>();
  /** What `initialize` agreed on; later revisions name theirs in every message. */
  const agreed: Agreed = { version: null };
  for await (const line of lines) {
    if (line.trim() === "") continue;
    const message = readMessage(line);
    if (message === null) {
      ends.write(failure(null, -32_700, "This line is no JSON-RPC message."));
      continue;
    }
    if (message.method === "notifications/cancelled") {
      underWay.get(message.params?.requestId as Id)?.abort();
      continue;
    }
    const stop = new AbortController();
    if (isLasting(message)) lasting.add(stop);
    if (message.id !== undefined) underWay.set(message.id, stop);
    // It answers its own failures.
    const work = forward(message, ends, agreed, stop.signal).catch(() => {});
    open.add(work);
    work
      .then(() => {
        open.delete(work);
        lasting.delete(stop);
        if (message.id !== undefined) underWay.delete(message.id);
      })
      .catch(() => {});
    // What agrees on the version is answered before anything else is asked.
    if (message.method === "initialize") await work;
    while (open.size >= maxUnderWay) await Promise.race(open);
  }
  for (const stop of lasting) stop.abort();
  await Promise.all(open);
}

type Agreed = { version: string | null };

function readMessage(line: string): Message | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Message) : null;
  } catch {
    return null;
  }
}

async function forward(
  message: Message,
  { url, token, send, write }: Ends,
  agreed: Agreed,
  signal: AbortSignal,
): Promise<void> {
  const { id } = message;
  try {
    const headers = { authorization: `Bearer ${token}`, ...headersOf(message, agreed) };
    const response = await send(url, { method: "POST", headers, body: JSON.stringify(message), signal });
    let isAnswered = id === undefined;
    let text = "";
    for await (const part of partsOf(response)) {
      text = part;
      const answer = readMessage(part);
      if (answer === null || !("jsonrpc" in answer)) continue;
      isAnswered ||= "id" in answer;
      noteVersion(message, answer, agreed);
      write(JSON.stringify(answer));
    }
    if (!isAnswered && id !== undefined) write(failure(id, -32_603, refusalIn(text, response.status)));
  } catch (error) {
    // A cancelled request gets no answer.
    if (signal.aborted || id === undefined) return;
    const reason = error instanceof Error ? error.message : String(error);
    write(
      failure(
        id,
        -32_603,
        `Carillon does not answer at ${url.origin}. Start it with npm start, or set CARILLON_URL. (${reason})`,
      ),
    );
  }
}

const versionKey = "io.modelcontextprotocol/protocolVersion";

/** What revision 2026-07-28 repeats in headers, so that no proxy has to read a body. */
function headersOf({ method = "", params = {} }: Message, { version }: Agreed): Record<string, string> {
  const meta = (params._meta ?? {}) as Record<string, unknown>;
  const named = method === "resources/read" ? params.uri : params.name;
  const own = meta[versionKey] ?? version;
  return {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(typeof own === "string" ? { "mcp-protocol-version": headerText(own) } : {}),
    ...(method === "" ? {} : { "mcp-method": headerText(method) }),
    ...(typeof named === "string" ? { "mcp-name": headerText(named) } : {}),
  };
}

/** A header holds printable ASCII without blanks at its ends; anything else travels as Base64. */
const headerText = (text: string): string =>
  /^[!-~]([ -~]*[!-~])?$/.test(text) && !text.startsWith("=?base64?")
    ? text
    : `=?base64?${Buffer.from(text).toString("base64")}?=`;

function noteVersion({ method }: Message, { result }: Message, agreed: Agreed): void {
  if (method !== "initialize" || typeof result !== "object" || result === null) return;
  const { protocolVersion } = result as { protocolVersion?: unknown };
  if (typeof protocolVersion === "string") agreed.version = protocolVersion;
}

/** The texts of an answer: one, or the data of each server-sent event as soon as it is there. */
async function* partsOf(response: Response): AsyncGenerator<string> {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (!isStream || response.body === null) {
    yield await response.text();
    return;
  }
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    for (const event of events) yield dataOf(event);
  }
  yield dataOf(rest);
}

const dataOf = (event: string): string =>
  event
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []))
    .join("\n");

/** What a refusal of the door says in its own words. */
function refusalIn(text: string, status: number): string {
  const { detail } = (readMessage(text) ?? {}) as { detail?: unknown };
  const said = typeof detail === "string" ? detail : `Carillon answered ${status}.`;
  return status === 401 ? `${said} Set CARILLON_TOKEN to an access token that is valid.` : said;
}

const failure = (id: Id | null, code: number, message: string): string =>
  JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
