import { Nullable, Strict, Uuid } from "@carillon/contracts/http/shared";
import { Color, Tag, TagUpdate } from "@carillon/contracts/http/tags";
import { Text } from "@carillon/contracts/http/text";
import { Type } from "@sinclair/typebox";
import { deleteTag, listTags, loadTag, updateTag } from "../../tags/index.ts";
import { momentOf } from "./local-time.ts";
import { consent, dryRun } from "./make-tools.ts";
import { page, Rows } from "./read-tools.ts";
import { defineTool, maxRows, WriteAnswer } from "./tool.ts";
import { wordsIn } from "./words.ts";
import { write } from "./write.ts";

const { id, name, color } = Tag.properties;

export const listTagsTool = defineTool({
  name: "list_tags",
  title: "List tags",
  kind: "read",
  description: "The user's tags in alphabetical order.",
  input: Type.Object({ prefix: Type.Optional(Text({ min: 0, max: 100 })), ...page }, Strict),
  output: Rows({ tags: Type.Array(Type.Object({ id, name, color })) }),
  run: async ({ deps, userId, timeZone }, query) => {
    const { data, next_cursor } = await listTags(deps, userId, { limit: maxRows, ...query });
    const tags = data.map(({ id, name, color }) => ({ id, name, color }));
    return { now: momentOf(deps.clock.now(), timeZone), tags, next_cursor };
  },
});

export const renameTagTool = defineTool({
  name: "rename_tag",
  title: "Rename a tag",
  kind: "write",
  description: "Renames or recolours one tag; every task with it shows the new name. Find the id with list_tags.",
  input: Type.Object(
    { id: Uuid, name: TagUpdate.properties.name, color: Type.Optional(Nullable(Color)), dry_run: dryRun },
    Strict,
  ),
  output: WriteAnswer,
  run: async (asking, input) =>
    write(asking, input, {
      tool: "rename_tag",
      work: async (change) => {
        const before = await loadTag(change.tx, change.userId, input.id);
        const { id, name, color } = await updateTag(change, input.id, input);
        return {
          verb: "rename",
          what: `#${before.name} to #${name}`,
          tags: [{ id, name, color }],
        };
      },
    }),
});

export const deleteTagTool = defineTool({
  name: "delete_tag",
  title: "Delete a tag",
  kind: "removal",
  description: "Deletes one tag for good; its tasks stay, without it. Always asks for consent first.",
  input: Type.Object({ id: Uuid, dry_run: dryRun, consent }, Strict),
  output: WriteAnswer,
  run: async (asking, input) =>
    write(asking, input, {
      tool: "delete_tag",
      isRemoval: true,
      work: async (change) => {
        const { id, name, color } = await loadTag(change.tx, change.userId, input.id);
        await deleteTag(change, id);
        return { verb: "delete", what: wordsIn(asking.reader.language).tag(name), tags: [{ id, name, color }] };
      },
    }),
});
