/** Names that cross a process boundary: app ids, topics, components. A service's name is its folder, image, app id and consumer group. */

export const services = ["web", "api", "notification", "recurring", "audit", "realtime", "ops"] as const;
export type ServiceName = (typeof services)[number];

/** Default port of each service; the variable is `<NAME>_PORT`. */
export const defaultPorts: Record<ServiceName, number> = {
  web: 3000,
  api: 8000,
  notification: 8001,
  recurring: 8002,
  audit: 8003,
  realtime: 8004,
  ops: 8005,
};

/**
 * Where a service that runs as a process of its own listens for its sidecar, for neighbours and for Prometheus; the variable is
 * `<NAME>_INTERNAL_PORT`. In one process they call each other, and nothing listens here.
 */
export const defaultInternalPorts: Record<ServiceName, number> = {
  web: 8106,
  api: 8100,
  notification: 8101,
  recurring: 8102,
  audit: 8103,
  realtime: 8104,
  ops: 8105,
};

export const topics = ["task-events", "reminders", "task-updates"] as const;
export type Topic = (typeof topics)[number];

export const pubsubName = "kafka-pubsub";

/** The same broker, every replica in a group of its own. */
export const broadcastPubsubName = "kafka-pubsub-broadcast";

/** The sidecar and neighbours prove themselves with this header: the sidecar with `APP_API_TOKEN`, others with what follows from it. */
export const appTokenHeader = "dapr-api-token";

/** The mark of a device that has signed in to an account: sign-in answers it here, and is shown it here the next time. */
export const deviceHeader = "carillon-device";
/** The neighbour a sidecar carries a call for, as the sidecar says. */
export const callerHeader = "dapr-caller-app-id";

/** The challenge (`WWW-Authenticate`) to whoever comes without it: who asks is refused, not whoever is asked about. */
export const appTokenChallenge = "AppToken";

/** Partitions of each topic, and slots of the relay: a user's events always take the same one. */
export const slotCount = 12;

/** The dead-letter topic of one consumer of one topic. */
export const deadLetterTopic = (topic: Topic, service: ServiceName): string => `${topic}.${service}.dlq`;

/** The browser's session: web sets it, realtime reads it where both answer on one origin. Its value is the access token. */
export const sessionCookie = "carillon_session";
/** The same on https: browsers take a cookie of that name from this host alone, over https, for every path. */
export const secureSessionCookie = "__Host-carillon_session";
