import type { Asking, Case, Ids } from "./calls.ts";

const batch = (action: string, names: readonly (keyof Ids)[], patch?: unknown): Case => ({
  status: 200,
  call: ({ as, ids }) =>
    as.post("/api/tasks/batch", { action, ids: names.map((name) => ids[name]), ...(patch ? { patch } : {}) }),
});

const undo = (path: (ids: Ids) => string, first: (asking: Asking) => Promise<void> = async () => {}): Case => ({
  status: 200,
  call: async (asking) => {
    await first(asking);
    return asking.as.post(path(asking.ids));
  },
});

const pause = { all: true, from: "2025-11-30T00:00:00Z", until: "2025-12-05T00:00:00Z" };

/** Batches, and what takes them back. */
export const undoCases: Record<string, readonly Case[]> = {
  "POST /api/series/pause": [
    { status: 200, call: ({ as }) => as.post("/api/series/pause", pause) },
    { status: 200, call: ({ as }) => as.post("/api/series/pause?dry_run=true", pause) },
  ],
  "POST /api/tasks/batch": [
    batch("complete", ["plain", "series"]),
    batch("incomplete", ["done"]),
    batch("delete", ["plain", "next"]),
    batch("restore", ["gone"]),
    batch("patch", ["plain", "series"], { priority: "low", tags: ["fresh"], reminders: [] }),
  ],
  "POST /api/batches/:id/undo": [
    undo((ids) => `/api/batches/${ids.batch}/undo`),
    undo((ids) => `/api/batches/${ids.batchOfTags}/undo`),
    // The successor that was made, and is touched, stays and is named.
    undo(
      (ids) => `/api/batches/${ids.batch}/undo`,
      async ({ as, ids }) => void (await as.patch(`/api/tasks/${ids.next}`, { title: "touched" })),
    ),
  ],
  "POST /api/audit/:id/revert": [
    undo((ids) => `/api/audit/${ids.tagMade}/revert`),
    undo((ids) => `/api/audit/${ids.tagRenamed}/revert`),
    undo((ids) => `/api/audit/${ids.tagGone}/revert`),
  ],
};
