import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Every metric of the product: name, unit, labels and help stand here and nowhere else. Labels have few values, never an id. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const registers = [registry];
const latencySeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const metrics = {
  httpRequestDuration: new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Time from a request's arrival to its answer.",
    labelNames: ["service", "method", "route", "status"],
    buckets: latencySeconds,
    registers,
  }),
  orphanedRejections: new Counter({
    name: "orphaned_rejections_total",
    help: "Failures that nothing awaited while requests were handled; each is a fault of ours.",
    registers,
  }),
  openAnswers: new Gauge({
    name: "http_open_answers",
    help: "Large or streamed answers of this process that their readers have not taken whole yet.",
    registers,
  }),
  answersEnded: new Counter({
    name: "http_answers_ended_total",
    help: "Large or streamed answers that were refused or cut for want of room, by how.",
    labelNames: ["how"],
    registers,
  }),
  taskOperations: new Counter({
    name: "task_operations_total",
    help: "Committed changes of tasks, by kind.",
    labelNames: ["operation"],
    registers,
  }),
  authAttempts: new Counter({
    name: "auth_attempts_total",
    help: "Passwords tried at sign-in or to prove who is signed in: right (ok), wrong (failed), not judged yet because of a limit (limited) or a full queue (busy).",
    labelNames: ["outcome"],
    registers,
  }),
  outboxPublished: new Counter({
    name: "outbox_published_total",
    help: "Outbox rows the broker has taken.",
    registers,
  }),
  outboxPending: new Gauge({
    name: "outbox_pending_rows",
    help: "Outbox rows not yet taken by the broker, as last seen by the relay.",
    registers,
  }),
  outboxOldestAge: new Gauge({
    name: "outbox_oldest_age_seconds",
    help: "Age of the oldest outbox row not yet taken by the broker, as last seen by the relay; 0 when none waits.",
    registers,
  }),
  outboxPublishLatency: new Histogram({
    name: "outbox_publish_latency_seconds",
    help: "Time from an outbox row's insert to the broker's answer.",
    buckets: latencySeconds,
    registers,
  }),
  eventsHandled: new Counter({
    name: "events_handled_total",
    help: "Events a consumer has given a verdict on.",
    labelNames: ["service", "topic", "verdict"],
    registers,
  }),
  deadLetters: new Counter({
    name: "dead_letters_total",
    help: "Events parked because they could not be handled.",
    labelNames: ["service", "topic"],
    registers,
  }),
  kafkaConsumerLagSeconds: new Gauge({
    name: "kafka_consumer_lag_seconds",
    help: "Age of the oldest event of a partition that its consumer group has not settled; 0 when none waits.",
    labelNames: ["group", "topic", "partition"],
    registers,
  }),
  kafkaConsumerLagMessages: new Gauge({
    name: "kafka_consumer_lag_messages",
    help: "Events of a partition that its consumer group has not settled.",
    labelNames: ["group", "topic", "partition"],
    registers,
  }),
  kafkaTopicEndOffset: new Gauge({
    name: "kafka_topic_end_offset",
    help: "Events ever written to a partition: its rate is the partition's traffic.",
    labelNames: ["topic", "partition"],
    registers,
  }),
  kafkaDeadLetters: new Gauge({
    name: "kafka_dead_letters",
    help: "Letters in a dead-letter topic; settled ones lie there, too, until its retention removes them.",
    labelNames: ["topic"],
    registers,
  }),
  daprComponentHealth: new Gauge({
    name: "dapr_component_health",
    help: "1 while a component (`pubsub`, `statestore`, `jobs`, and the `sidecar` itself) answers, 0 while it does not.",
    labelNames: ["component"],
    registers,
  }),
  openStreams: new Gauge({
    name: "realtime_open_streams",
    help: "Open live connections.",
    labelNames: ["kind"],
    registers,
  }),
  rruleCalculation: new Histogram({
    name: "rrule_calculation_duration_seconds",
    help: "Time to evaluate one recurrence rule.",
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1],
    registers,
  }),
  occurrencesCreated: new Counter({
    name: "occurrences_created_total",
    help: "Tasks made because the recurring one before was completed.",
    registers,
  }),
  occurrenceLead: new Histogram({
    name: "occurrence_lead_seconds",
    help: "Time from a completion's settling to the date of the task made next: where the next occurrences lie.",
    buckets: [3_600, 86_400, 604_800, 1_209_600, 2_678_400, 7_776_000, 31_622_400],
    registers,
  }),
  loopRestarts: new Counter({
    name: "loop_restarts_total",
    help: "Turns of background loops that did not end within their limit and were abandoned: a defect.",
    labelNames: ["loop"],
    registers,
  }),
  databaseClockSkew: new Gauge({
    name: "database_clock_skew_seconds",
    help: "This process's clock minus the database's; positive when the process is ahead.",
    registers,
  }),
  remindersSent: new Counter({ name: "reminders_sent_total", help: "Reminders whose mail went out.", registers }),
  remindersFailed: new Counter({
    name: "reminders_failed_total",
    help: "Reminders whose mail the provider refused, or would not take for a day.",
    registers,
  }),
  remindersMissed: new Counter({
    name: "reminders_missed_total",
    help: "Reminders that were more than 24 h late and therefore not mailed.",
    registers,
  }),
  reminderDeliveryLatency: new Histogram({
    name: "reminder_delivery_latency_seconds",
    help: "Time from a reminder's instant to the provider's taking its mail.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600, 3_600, 86_400],
    registers,
  }),
  reminderSends: new Counter({
    name: "reminder_sends_total",
    help: "Tries to hand a reminder's mail to the provider, by how they ended.",
    labelNames: ["outcome"],
    registers,
  }),
  remindersDue: new Gauge({
    name: "reminders_due",
    help: "Reminders due within the last 24 h, by what has become of them.",
    labelNames: ["state"],
    registers,
  }),
  remindersUnaccounted: new Gauge({
    name: "reminders_unaccounted",
    help: "Reminders due for more than 30 s that api and notification do not agree on; 0 at any quiet moment.",
    registers,
  }),
} as const;
