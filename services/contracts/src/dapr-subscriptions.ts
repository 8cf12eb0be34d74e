import { type Subscription, subscriptions } from "./catalog.ts";
import { broadcastOf, type PlatformNames, topicAt, usualNames } from "./platform-names.ts";

/** Maximum events a sidecar delivers at once: as many of the largest as fit into a consumer's body limit (events/src/consume). */
export const mostAtOnce = 100;

/** File name → Dapr's declarative subscription (or the list of them), as committed under `kustomize/base/dapr/subscriptions`. */
export function subscriptionFiles(): Map<string, string> {
  const files = subscriptions.map((subscription): [string, string] => [
    `${nameOf(subscription)}.yaml`,
    subscriptionFile(subscription),
  ]);
  return new Map([...files, ["kustomization.yaml", kustomization(files.map(([file]) => file))]]);
}

const nameOf = ({ service, topic }: Subscription): string => `${service}-${topic}`;

/** The YAML of one subscription with the platform's names. */
export const subscriptionFile = (
  subscription: Subscription,
  names: PlatformNames = usualNames,
): string => `${header}apiVersion: dapr.io/v2alpha1
kind: Subscription
metadata:
  name: ${nameOf(subscription)}
scopes: [${subscription.service}]
spec:
  pubsubname: ${subscription.broadcast ? broadcastOf(names) : names.pubsub}
  topic: ${topicAt(names, subscription.topic)}
  routes: { default: ${subscription.route} }
${subscription.gatherMs === null ? "" : gathered(subscription.gatherMs)}${subscription.deadLetter ? `  deadLetterTopic: ${topicAt(names, subscription.deadLetter)}\n` : ""}`;

const gathered = (gatherMs: number): string => `  bulkSubscribe:
    enabled: true
    maxMessagesCount: ${mostAtOnce}
    maxAwaitDurationMs: ${gatherMs}
`;

const kustomization = (files: readonly string[]): string => `${header}apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${files.map((file) => `  - ${file}\n`).join("")}`;

const header = "# Generated from services/contracts/src/catalog.ts by `npm run gen`; a test rejects a stale file.\n";
