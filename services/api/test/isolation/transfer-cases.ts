import type { ExportedTask } from "@carillon/contracts/http/transfer";
import { type Case, call, get } from "./calls.ts";

/** The routes of files. */
export const transferCases: Record<string, readonly Case[]> = {
  "GET /api/tasks/export": [
    get("/api/tasks/export"),
    get("/api/tasks/export?format=csv"),
    get("/api/tasks/export?format=ics"),
  ],
  "GET /api/feeds": [get("/api/feeds")],
  "POST /api/feeds": [
    {
      status: 201,
      call: call(
        "POST",
        () => "/api/feeds",
        () => ({ kind: "event", tag: "work" }),
      ),
    },
  ],
  "DELETE /api/feeds/:id": [{ status: 204, call: call("DELETE", ({ feed }) => `/api/feeds/${feed}`) }],
  "GET /calendar/:secret": [
    {
      status: 200,
      call: async ({ as, api }) => {
        const { body } = await as.post("/api/feeds", { tag: "work" });
        return api.call("GET", body.path);
      },
    },
  ],
  "POST /api/tasks/import": [
    {
      status: 200,
      call: async ({ as, ids }) => {
        const { body } = await as.get("/api/tasks/export");
        const tasks: ExportedTask[] = body.tasks;
        const plain = tasks.find(({ id }) => id === ids.plain);
        await as.patch(`/api/tasks/${ids.plain}`, { title: "other", tags: ["fresh"], priority: "low" });
        await as.delete(`/api/tasks/${ids.next}`);
        // The other user's reminders have the very same ids as those that go, and their series has a successor.
        const without = tasks.map((task) => (task.id === ids.series ? { ...task, reminders: [] } : task));
        const id = "018f0000-0000-7000-8000-00000000f011";
        return as.post("/api/tasks/import", {
          ...body,
          tasks: [...without, { ...plain, id, title: "follows", reminders: [], parent_task_id: ids.series }],
        });
      },
    },
  ],
};
