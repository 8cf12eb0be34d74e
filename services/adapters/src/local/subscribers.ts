import { type Subscription, subscriptions } from "@carillon/contracts/catalog";

/** The catalogue's subscribers; tests pass their own. */
export type Catalog = readonly Subscription[];
export const catalog: Catalog = subscriptions;

/**
 * A subscription's name in the bus's tables. For a broadcast each process has its own: this, "@" and
 * the process's id.
 */
export const subscriberName = ({ service, topic }: Pick<Subscription, "service" | "topic">): string =>
  `${service}:${topic}`;

export const instanceName = (subscription: Subscription, instance: string): string =>
  `${subscriberName(subscription)}@${instance}`;
