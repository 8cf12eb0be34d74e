import type { Clock } from "@carillon/kit/ports";
import type { Api } from "../api.ts";
import { nowhere } from "../call-api.ts";

/** How long the answer is kept: a page before sign-in otherwise needs nothing of api. */
const keptMs = 60_000;

/** The sign-in provider as api names it, null without one, and while api does not answer. */
export function createProviderName(api: Api, clock: Clock): () => Promise<string | null> {
  let known: { name: string | null; until: number } | null = null;
  return async () => {
    const now = clock.now().getTime();
    if (known !== null && now < known.until) return known.name;
    try {
      const { name } = await api.provider(nowhere);
      known = { name, until: now + keptMs };
    } catch {
      return known?.name ?? null;
    }
    return known.name;
  };
}
