import { Strict, Uuid } from "@carillon/contracts/http/shared";
import { invalid } from "@carillon/kit/service";
import { Type } from "@sinclair/typebox";
import { loadTasks } from "../../tasks/index.ts";
import { findEntries, takeBack } from "../../undo/index.ts";
import { consent, dryRun } from "./make-tools.ts";
import { defineTool, WriteAnswer } from "./tool.ts";
import { quoted, wordsIn } from "./words.ts";
import { write } from "./write.ts";

export const undoTool = defineTool({
  name: "undo",
  title: "Take changes back",
  kind: "write",
  description:
    "Takes back everything a call did (the batch_id of its answer) or one entry of the history (audit_id), at any age. What was changed since " +
    "stays and is named. More than three tasks ask for consent.",
  input: Type.Object(
    { batch_id: Type.Optional(Uuid), audit_id: Type.Optional(Uuid), dry_run: dryRun, consent },
    Strict,
  ),
  output: WriteAnswer,
  run: async (asking, input) => {
    const { batch_id, audit_id } = input;
    if ((batch_id === undefined) === (audit_id === undefined))
      throw invalid({ pointer: "/batch_id", detail: "say either batch_id or audit_id" });
    const { deps, userId } = asking;
    // Read before the change: entries never alter, and the history is another service's.
    const entries = await findEntries(deps, userId, batch_id === undefined ? { id: audit_id ?? "" } : { batch_id });
    const changes = new Set(entries.map(({ taskId, tagId }) => taskId ?? tagId)).size;
    return write(asking, input, {
      tool: "undo",
      changes,
      work: async (change) => {
        const { undone, kept } = await takeBack(change, entries);
        const ids = undone.flatMap(({ task_id }) => task_id ?? []);
        const { language } = asking.reader;
        const words = wordsIn(language);
        const titles = undone.slice(0, 3).map(({ title }) => quoted(title ?? "", language));
        const more = undone.length > titles.length ? [words.more(undone.length - titles.length)] : [];
        const what = undone.length === 0 ? words.nothing : `${words.changes}${[...titles, ...more].join(", ")}`;
        const notes = kept
          .filter(({ reason }) => reason !== "consequence")
          .map(
            ({ title, field, reason }) => `“${title ?? ""}”${field === null ? "" : ` (${field})`} stays: ${reason}.`,
          );
        const states = await loadTasks(change.tx, userId, ids);
        return { verb: "undo", what, notes: notes.slice(0, 20), states };
      },
    });
  },
});
