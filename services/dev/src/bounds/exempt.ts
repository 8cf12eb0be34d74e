/**
 * Files whose collections hold only what the code itself names: services, loops, routes, slots, zones,
 * child processes.
 */
export const fixed: readonly string[] = [
  "services/api/src/zones/releases.ts",
  "services/calendar/src/zone/zone-table.ts",
  "services/kit/src/config.ts",
  "services/kit/src/database/connect.ts",
  "services/kit/src/database/lane.ts",
  "services/kit/src/loop/watch.ts",
  "services/events/src/publish/slots/slots.ts",
  "services/kit/src/service/allowed-methods.ts",
  "services/launch/dapr/src/process-list.ts",
  "services/launch/dapr/src/supervisor.ts",
  "services/ops/src/lag/watch-lag.ts",
];

/**
 * Files whose collections live as long as one call, and hold its input or what it read: one page, one
 * batch, one body.
 */
export const ofOneCall: readonly string[] = [
  "services/api/src/assistant/chat/stream-turn.ts",
  "services/api/src/insights/count-days.ts",
  "services/api/src/tags/undo-tag.ts",
  "services/api/src/transfer/export/ics-parts.ts",
  "services/api/src/tasks/undo/fold-entries.ts",
  "services/api/src/undo/take-back.ts",
  "services/ops/src/backup/backup.ts",
  "services/api/src/reminders/end-reminders.ts",
  "services/api/src/tasks/fields.ts",
  "services/api/src/tasks/reminders/save-reminders.ts",
  "services/api/src/undo/take-back.ts",
  "services/audit/src/append-entries.ts",
  "services/calendar/src/recurrence/parse-rule.ts",
  "services/calendar/src/zone/tz-source.ts",
  "services/host/src/ports/free-port.ts",
  "services/adapters/src/local/judge.ts",
  "services/events/src/consume/handle-in-parts.ts",
  "services/events/src/consume/subscribe.ts",
  "services/events/src/consume/verdict.ts",
  "services/kit/src/http/explain.ts",
  "services/kit/src/http/repeated-name.ts",
  "services/events/src/publish/pass.ts",
  "services/events/src/publish/publish-in-parts.ts",
  "services/launch/dapr/src/ports-taken.ts",
  "services/launch/dapr/src/settings.ts",
  "services/notification/src/deliver-due.ts",
  "services/notification/src/on-reminder-event.ts",
  "services/ops/src/backup/backup.ts",
  "services/ops/src/dead-letters/both-boxes.ts",
  "services/ops/src/dead-letters/embedded-box.ts",
  "services/ops/src/dead-letters/kafka-box.ts",
  "services/ops/src/dead-letters/parked-rows.ts",
  "services/ops/src/dead-letters/read-records.ts",
  "services/ops/src/dead-letters/until-decided.ts",
  "services/recurring/src/on-task-completed.ts",
  "web/src/tasks/act-on-many.tsx",
  "web/src/tasks/groups.ts",
  "web/src/tasks/quick-task.ts",
];
