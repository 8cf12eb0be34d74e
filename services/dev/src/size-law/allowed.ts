/** What is still too long, with its lines. A number only gets smaller. */
export const allowed: Readonly<Record<string, number>> = {
  "services/api/src/schema.ts": 360,
  "services/api/test/isolation/ask.ts openMatrix": 62,
  "services/api/test/tasks.test.ts": 301,
  "services/calendar/src/recurrence/occurrences.test.ts": 320,
  "services/events/test/relay.test.ts": 328,
  "services/launch/embedded/test/reminder-rig.ts openReminderRig": 111,
  "services/notification/test/harness.ts openRig": 90,
  "services/notification/test/sending.test.ts": 323,
  "services/realtime/test/harness.ts startRealtime": 71,
  "services/simulator/src/carriers.ts simulatedBus": 64,
  "services/simulator/src/people.ts signUp": 61,
  "services/simulator/src/world.ts openWorld": 96,
  "services/testing/src/owner-clauses/mutate.ts createMutator": 74,
  "web/test/pages.test.ts beforeAll()": 70,
};
