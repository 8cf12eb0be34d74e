import { broadcastOf, type PlatformNames, topicAt, usualNames } from "./platform-names.ts";

/** A Dapr resource, as far as it contains names. */
type Resource = { kind: string; metadata: { name: string }; spec: Record<string, unknown> };

/** A resource of the repository with the platform's names for components and topics; routes and scopes stay. */
export function renamed<R extends Resource>(resource: R, names: PlatformNames): R {
  const { kind, metadata, spec } = resource;
  const component = (name: unknown): string => componentAt(names, String(name));
  switch (kind) {
    case "Component": {
      const settings = spec.type === "pubsub.kafka" ? { metadata: topicsRenamed(spec.metadata, names) } : {};
      return { ...resource, metadata: { ...metadata, name: component(metadata.name) }, spec: { ...spec, ...settings } };
    }
    case "Subscription": {
      const { pubsubname, topic, deadLetterTopic } = spec;
      const letters = deadLetterTopic === undefined ? {} : { deadLetterTopic: topicAt(names, String(deadLetterTopic)) };
      const own = { pubsubname: component(pubsubname), topic: topicAt(names, String(topic)), ...letters };
      return { ...resource, spec: { ...spec, ...own } };
    }
    case "Resiliency": {
      // Our own file: targets name components.
      const targets = spec.targets as { components: Record<string, unknown> };
      const components = Object.entries(targets.components).map(([name, target]) => [component(name), target]);
      return { ...resource, spec: { ...spec, targets: { ...targets, components: Object.fromEntries(components) } } };
    }
    default:
      return resource;
  }
}

function componentAt(names: PlatformNames, name: string): string {
  if (name === usualNames.pubsub) return names.pubsub;
  if (name === broadcastOf(usualNames)) return broadcastOf(names);
  return name === usualNames.stateStore ? names.stateStore : name;
}

/** Settings of a pub/sub component that name topics: `a,b`, or `api=a,b;audit=c`. */
const topicSettings = ["allowedTopics", "protectedTopics", "publishingScopes", "subscriptionScopes"];

function topicsRenamed(metadata: unknown, names: PlatformNames): unknown {
  const list = (topics: string): string =>
    topics
      .split(",")
      .map((topic) => topicAt(names, topic))
      .join();
  const scoped = (one: string): string => {
    const [app, topics] = one.split("=");
    return topics === undefined ? list(one) : `${app}=${list(topics)}`;
  };
  const entries = metadata as { name: string; value?: string }[];
  return entries.map((entry) =>
    topicSettings.includes(entry.name) && entry.value !== undefined
      ? { ...entry, value: entry.value.split(";").map(scoped).join(";") }
      : entry,
  );
}
