/** What a metric says: its name with the unit, what it counts, its labels. Labels have few values, never an id. */
export type Metric = {
  kind: "counter" | "gauge" | "histogram";
  /** `<service>_<thing>_<unit>[_total]`. */
  name: string;
  help: string;
  labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the unit of its name. */
  buckets?: readonly number[];
};

const latencySeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Every metric of the product, by the name that code uses. A metric that is not here is neither exported nor on a dashboard. */
export const metricCatalogue = {
  httpRequestDuration: {
    kind: "histogram",
    name: "http_server_request_duration_seconds",
    help: "Time from a request's arrival to its answer.",
    labels: ["service", "method", "route", "status"],
    buckets: latencySeconds,
  },
  orphanedRejections: {
    kind: "counter",
    name: "orphaned_rejections_total",
    help: "Failures that nothing awaited while requests were handled; each is a defect.",
    labels: [],
  },
  openAnswers: {
    kind: "gauge",
    name: "http_open_answers",
    help: "Large or streamed answers of this process that their readers have not read completely yet.",
    labels: [],
  },
  answersEnded: {
    kind: "counter",
    name: "http_answers_ended_total",
    help: "Large or streamed answers that were rejected or cut to make room, by how.",
    labels: ["how"],
  },
  taskOperations: {
    kind: "counter",
    name: "task_operations_total",
    help: "Committed changes of tasks, by kind.",
    labels: ["operation"],
  },
  authAttempts: {
    kind: "counter",
    name: "auth_attempts_total",
    help: "Passwords and codes tried at sign-in or to prove an identity: right (ok), right and a code is due (challenged), wrong (failed), not checked because of a limit (limited) or a full queue (busy).",
    labels: ["outcome"],
  },
  outboxPublished: {
    kind: "counter",
    name: "outbox_published_total",
    help: "Outbox rows the broker has taken.",
    labels: [],
  },
  outboxPending: {
    kind: "gauge",
    name: "outbox_pending_rows",
    help: "Outbox rows not yet taken by the broker, as last seen by the relay.",
    labels: [],
  },
  outboxOldestAge: {
    kind: "gauge",
    name: "outbox_oldest_age_seconds",
    help: "Age of the oldest outbox row not yet taken by the broker, as last seen by the relay; 0 when none waits.",
    labels: [],
  },
  outboxPublishLatency: {
    kind: "histogram",
    name: "outbox_publish_latency_seconds",
    help: "Time from an outbox row's insert to the broker's answer.",
    labels: [],
    buckets: latencySeconds,
  },
  eventsHandled: {
    kind: "counter",
    name: "events_handled_total",
    help: "Events that got a verdict from a consumer.",
    labels: ["service", "topic", "verdict"],
  },
  deadLetters: {
    kind: "counter",
    name: "dead_letters_total",
    help: "Events parked because they could not be handled.",
    labels: ["service", "topic"],
  },
  kafkaConsumerLagSeconds: {
    kind: "gauge",
    name: "kafka_consumer_lag_seconds",
    help: "Age of the oldest event of a partition that its consumer group has not settled; 0 when none waits.",
    labels: ["group", "topic", "partition"],
  },
  kafkaConsumerLagMessages: {
    kind: "gauge",
    name: "kafka_consumer_lag_messages",
    help: "Events of a partition that its consumer group has not settled.",
    labels: ["group", "topic", "partition"],
  },
  kafkaTopicEndOffset: {
    kind: "gauge",
    name: "kafka_topic_end_offset",
    help: "Events ever written to a partition: its rate is the partition's traffic.",
    labels: ["topic", "partition"],
  },
  kafkaDeadLetters: {
    kind: "gauge",
    name: "kafka_dead_letters",
    help: "Messages in a dead-letter topic, including settled ones until its retention removes them.",
    labels: ["topic"],
  },
  daprComponentHealth: {
    kind: "gauge",
    name: "dapr_component_health",
    help: "1 while a component (`pubsub`, `statestore`, `jobs`, and the `sidecar` itself) answers, 0 while it does not.",
    labels: ["component"],
  },
  openStreams: { kind: "gauge", name: "realtime_open_streams", help: "Open live connections.", labels: ["kind"] },
  rruleCalculation: {
    kind: "histogram",
    name: "rrule_calculation_duration_seconds",
    help: "Time to evaluate one recurrence rule.",
    labels: [],
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1],
  },
  occurrencesCreated: {
    kind: "counter",
    name: "occurrences_created_total",
    help: "Tasks created because the recurring one before was completed.",
    labels: [],
  },
  occurrenceLead: {
    kind: "histogram",
    name: "occurrence_lead_seconds",
    help: "Time from a completion's settling to the date of its successor: how far ahead the next occurrences are.",
    labels: [],
    buckets: [3_600, 86_400, 604_800, 1_209_600, 2_678_400, 7_776_000, 31_622_400],
  },
  loopRestarts: {
    kind: "counter",
    name: "loop_restarts_total",
    help: "Turns of background loops that did not end within their limit and were abandoned: a defect.",
    labels: ["loop"],
  },
  databaseClockSkew: {
    kind: "gauge",
    name: "database_clock_skew_seconds",
    help: "This process's clock minus the database's; positive when the process is ahead.",
    labels: [],
  },
  remindersSent: { kind: "counter", name: "reminders_sent_total", labels: [], help: "Reminders whose mail went out." },
  remindersFailed: {
    kind: "counter",
    name: "reminders_failed_total",
    help: "Reminders whose mail the provider refused, or would not take for a day.",
    labels: [],
  },
  remindersMissed: {
    kind: "counter",
    name: "reminders_missed_total",
    help: "Reminders that were more than 24 h late and therefore not mailed.",
    labels: [],
  },
  reminderDeliveryLatency: {
    kind: "histogram",
    name: "reminder_delivery_latency_seconds",
    help: "Time from a reminder's instant to the provider's taking its mail.",
    labels: [],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600, 3_600, 86_400],
  },
  reminderSends: {
    kind: "counter",
    name: "reminder_sends_total",
    help: "Attempts to hand a reminder's mail to the provider, by result.",
    labels: ["outcome"],
  },
  remindersDue: {
    kind: "gauge",
    name: "reminders_due",
    help: "Reminders due within the last 24 h, by state.",
    labels: ["state"],
  },
  remindersUnaccounted: {
    kind: "gauge",
    name: "reminders_unaccounted",
    help: "Reminders due for more than 30 s on which api and notification disagree; 0 at any quiet moment.",
    labels: [],
  },
} as const satisfies Record<string, Metric>;
