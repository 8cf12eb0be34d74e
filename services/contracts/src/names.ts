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
 * Where a service in a process of its own listens for its sidecar, neighbours and Prometheus; the
 * variable is `<NAME>_INTERNAL_PORT`. In one process services call each other, and nothing listens
 * here.
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

/**
 * The header with which the sidecar and neighbours authenticate: the sidecar with `APP_API_TOKEN`,
 * others with a token derived from it.
 */
export const appTokenHeader = "dapr-api-token";

/**
 * The mark of a device that has signed in to an account: sign-in sets it here, and the device presents
 * it the next time.
 */
export const deviceHeader = "carillon-device";
/** The neighbour a sidecar carries a call for, as stated by the sidecar. */
export const callerHeader = "dapr-caller-app-id";

/** The challenge (`WWW-Authenticate`) for a missing token: the caller is rejected, not the user it asks about. */
export const appTokenChallenge = "AppToken";

/** Partitions of each topic, and slots of the relay: a user's events always take the same one. */
export const slotCount = 12;

/** The dead-letter topic of one consumer of one topic. */
export const deadLetterTopic = (topic: Topic, service: ServiceName): string => `${topic}.${service}.dlq`;

/**
 * The browser's session: web sets it, realtime reads it when both answer on one origin. Its value is
 * the access token.
 */
export const sessionCookie = "carillon_session";
/** The same on https: browsers accept a cookie of this name from this host only, over https, for every path. */
export const secureSessionCookie = "__Host-carillon_session";

/** With a call between services: the trace id of the first request that it goes back to. */
export const correlationHeader = "carillon-correlation-id";
/** With a call between services: the id of the event that caused it. */
export const causationHeader = "carillon-causation-id";
