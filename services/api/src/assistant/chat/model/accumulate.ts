import type { ModelCall } from "./model.ts";

/** A piece of a streamed call, as the many compatible servers send them: any of its parts may be missing, wrong or of another type. */
export type CallDelta = {
  index?: number | null;
  id?: string | null;
  function?: { name?: string | null; arguments?: unknown } | null;
};

type Open = { id: string | null; index: number | null; name: string; text: string };

/** Gathers streamed pieces of calls, whatever a server makes of indexes, ids and arguments. */
export function createAccumulator() {
  const open: Open[] = [];

  /** The call a piece goes on with; null: it begins another one. */
  function continued(delta: CallDelta, name: string): Open | null {
    const last = open.at(-1);
    if (!last) return null;
    const byId = delta.id ? open.find(({ id }) => id === delta.id) : undefined;
    if (byId) return byId;
    // Some servers give every piece an id of its own: only a name begins a call.
    if (name === "") return open.findLast(({ index }) => index === (delta.index ?? null)) ?? last;
    const same = open.findLast((one) => one.index === (delta.index ?? null));
    const isRepeated = same !== undefined && same.name === name && !delta.id && !isWhole(same.text);
    return isRepeated ? same : null;
  }

  return {
    add(delta: CallDelta): void {
      const name = delta.function?.name ?? "";
      const given = delta.function?.arguments;
      const text = typeof given === "string" ? given : given == null ? "" : JSON.stringify(given);
      const call = continued(delta, name);
      if (call) call.text += text;
      else open.push({ id: delta.id ?? null, index: delta.index ?? null, name, text });
    },
    /** The calls, each under an id of its own; a call without a name is none. */
    calls: (): ModelCall[] =>
      open
        .filter(({ name }) => name !== "")
        .map(({ id, name, text }, at) => ({ id: id ?? `call_${at}`, name, input: inputOf(text) })),
  };
}

const isWhole = (text: string): boolean => text !== "" && inputOf(text) !== undefined;

/** What the arguments say; undefined where they are no JSON. Nothing at all means none. */
function inputOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    // Some servers send JSON in a JSON string.
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return undefined;
  }
}

/** A call that a small model wrote into its text instead of asking for it; null where the text is only text. */
export function callInText(text: string, names: ReadonlySet<string>): ModelCall | null {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*|\s*```$/g, "")
    .replace(/^<tool_call>\s*|\s*<\/tool_call>$/g, "");
  if (!bare.startsWith("{") || !bare.endsWith("}")) return null;
  try {
    const { name, arguments: given, parameters } = JSON.parse(bare);
    if (typeof name !== "string" || !names.has(name)) return null;
    return { id: "call_0", name, input: given ?? parameters ?? {} };
  } catch {
    return null;
  }
}

/** True while a text may yet turn out to be a call: it is not shown before that is known. */
export const mayBeCall = (text: string): boolean => /^\s*(\{|`|<tool_call|<$|<t)/.test(text);
