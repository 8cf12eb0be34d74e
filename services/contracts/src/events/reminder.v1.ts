import { type Static, Type } from "@sinclair/typebox";
import { EventData } from "../event.ts";
import { Reminder, Task } from "../http/tasks.ts";

/** `reminder.*`, version 1. `generation` grows with every new plan: the alarm of an older one has no effect. */
export const ReminderEvent = Type.Object({
  ...EventData.properties,
  task_data: Task,
  reminder: Type.Object({ ...Reminder.properties, generation: Type.Integer({ minimum: 1 }) }),
});
export type ReminderEvent = Static<typeof ReminderEvent>;
