import { type Subscription, subscriptions } from "./catalog.ts";
import { broadcastPubsubName, pubsubName } from "./names.ts";

/** How many events a sidecar hands over at once at most, and how long it gathers them. Later costs freshness, sooner costs calls. */
const batch = { maxMessagesCount: 200, maxAwaitDurationMs: 50 };

/**
 * Whether a sidecar may gather a subscription's events: only where nothing is ever dropped at a later try. Of a batch of which a part is done
 * and a part is dropped when it comes again, Dapr 1.16 looks for the letter at the wrong place and dies (pkg/runtime/subscription/
 * postman/http). The price: while a part of a batch is tried again, this replica's sidecar delivers nothing else of its subscription,
 * where one by one a failing event holds up its partition alone.
 */
const isGathered = ({ retry }: Subscription): boolean => retry.attempts === 1 || retry.attempts === "forever";

/** File name → Dapr's declarative subscription (or the list of them), as committed under `kustomize/base/dapr/subscriptions`. */
export function subscriptionFiles(): Map<string, string> {
  const files = subscriptions.map((subscription): [string, string] => [
    `${nameOf(subscription)}.yaml`,
    subscriptionFile(subscription),
  ]);
  return new Map([...files, ["kustomization.yaml", kustomization(files.map(([file]) => file))]]);
}

const nameOf = ({ service, topic }: Subscription): string => `${service}-${topic}`;

/** The YAML of one subscription. */
export const subscriptionFile = (subscription: Subscription): string => `${header}apiVersion: dapr.io/v2alpha1
kind: Subscription
metadata:
  name: ${nameOf(subscription)}
scopes: [${subscription.service}]
spec:
  pubsubname: ${subscription.broadcast ? broadcastPubsubName : pubsubName}
  topic: ${subscription.topic}
  routes: { default: ${subscription.route} }
${isGathered(subscription) ? gathered : ""}${subscription.deadLetter ? `  deadLetterTopic: ${subscription.deadLetter}\n` : ""}`;

const gathered = `  bulkSubscribe:
    enabled: true
    maxMessagesCount: ${batch.maxMessagesCount}
    maxAwaitDurationMs: ${batch.maxAwaitDurationMs}
`;

const kustomization = (files: readonly string[]): string => `${header}apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${files.map((file) => `  - ${file}\n`).join("")}`;

const header = "# Made from services/contracts/src/catalog.ts by `bun run gen`; a test refuses a stale file.\n";
