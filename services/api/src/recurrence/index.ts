import { Elysia } from "elysia";
import { previewRecurrenceRoute } from "./preview-recurrence.ts";

export { previewRecurrence } from "./preview-recurrence.ts";

export const recurrenceRoutes = () => new Elysia({ name: "recurrence" }).use(previewRecurrenceRoute());
