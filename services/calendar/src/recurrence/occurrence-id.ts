/** Never change this: every completed task would get a second successor. */
const namespace = "6d1f0c52-8a3e-5b7c-9f41-2e0b7a94c3d8";

/**
 * The id of the task that follows a completed one: derived from its id (UUIDv5), so that a task has at
 * most one successor.
 */
export const occurrenceId = (completedTaskId: string): string =>
  Bun.randomUUIDv5(completedTaskId.toLowerCase(), namespace);
