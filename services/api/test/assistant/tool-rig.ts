import { usualFormats } from "@carillon/calendar/formats";
import { callTool } from "../../src/assistant/tools/call-tool.ts";
import { toolNamed } from "../../src/assistant/tools/registry.ts";
import type { Asking } from "../../src/assistant/tools/tool.ts";
import type { ApiDeps } from "../../src/deps.ts";
import type { Person } from "../harness.ts";

// biome-ignore lint/suspicious/noExplicitAny: an answer has as many shapes as there are tools, and each test names the one it expects.
export type Answer = any;

/** Calls tools as a program of the person; `word` is the token or conversation it speaks for. */
export function toolsOf(deps: ApiDeps, { user }: Person, word = Bun.randomUUIDv7()) {
  const by: Asking["by"] = { kind: "token", id: word };
  const reader = {
    ...{ timeZone: user.time_zone, language: "en" as const, weekStart: 0, partsOfDay: {} },
    ...usualFormats,
  };
  const asking: Asking = { deps, userId: user.id, timeZone: user.time_zone, reader, by };
  return async (name: string, input: Record<string, unknown> = {}): Promise<Answer> => {
    const tool = toolNamed(name);
    if (!tool) throw new Error(`There is no tool ${name}.`);
    return callTool(asking, tool, input);
  };
}

/** What a call is refused with: the code of its problem, and the places that are wrong. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    const { code, errors = [] } = error as { code?: string; errors?: { pointer: string }[] };
    return [code ?? String(error), ...errors.map(({ pointer }) => pointer)].join(" ");
  }
}
