import { notFound, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { FairQueue, type QueueCaller } from "../admission/fair-queue.ts";
import { signInNeeded } from "../authenticate.ts";
import { type Provider, ProviderAway, ProviderRefused } from "./provider.ts";

/** Questions to the provider that one replica has under way: a slow provider must not fill it. */
export const providerLimits = { maxRunning: 16, maxWaiting: 40 };

export type ProviderQueue = FairQueue;
export const createProviderQueue = (): ProviderQueue => new FairQueue(providerLimits);

/** @throws Problem 404 where no provider is set up. */
export function providerOf({ provider }: ApiDeps): Provider {
  if (!provider) throw notFound();
  return provider;
}

/** What the provider answers. @throws Problem 503 when it does not, 401 for an answer that is none to this question. */
export async function ask<Result>(
  deps: ApiDeps,
  queue: ProviderQueue,
  caller: QueueCaller,
  work: (provider: Provider) => Promise<Result>,
): Promise<Result> {
  const provider = providerOf(deps);
  try {
    return await queue.run(caller, () => work(provider));
  } catch (error) {
    if (error instanceof ProviderAway) {
      deps.log.warn("the sign-in provider is away", { reason: error.message });
      throw new Problem(
        "unavailable",
        `${provider.name} does not answer right now. Try again, or sign in another way.`,
        {
          headers: { "retry-after": "5" },
        },
      );
    }
    if (!(error instanceof ProviderRefused)) throw error;
    deps.log.info("a sign-in provider's answer was refused", { reason: error.reason });
    throw isCancelled(error) ? signInNeeded(`You cancelled at ${provider.name}.`) : opensNothing(provider);
  }
}

const isCancelled = ({ reason }: ProviderRefused): boolean => reason === "access_denied";

/** The answer to every flow that leads nowhere. */
export const opensNothing = ({ name }: Provider): Problem =>
  signInNeeded(`This sign-in with ${name} took too long or was not started here. Start again.`);
