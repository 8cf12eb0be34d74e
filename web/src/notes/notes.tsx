import type { Task } from "@carillon/contracts/http/tasks";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { type Block, type Inline, type Item, readNotes, wordsOfTick } from "./read-notes.ts";

type NotesProps = { task: Task; back: string };

/** A task's description as it reads: with links, lists, and ticks that can be set where they stand. */
export const Notes = ({ task, back }: NotesProps) => {
  const blocks = readNotes(task.description);
  if (blocks.length === 0) return "";
  return (
    <div class="notes" dir="auto">
      {blocks.map((block) => (
        <NotesBlock block={block} task={task} back={back} />
      ))}
    </div>
  );
};

const NotesBlock = ({ block, task, back }: NotesProps & { block: Block }) => {
  if (block.kind === "lines")
    return (
      <p>
        {block.lines.map((inlines, index) => (
          <>
            {index > 0 ? <br /> : ""}
            <Inlines of={inlines} />
          </>
        ))}
      </p>
    );
  const items = block.items.map((item) => <NotesItem item={item} task={task} back={back} />);
  return block.kind === "bullets" ? (
    <ul class={block.items.every(({ done }) => done !== null) ? "notes-ticks" : "notes-bullets"}>{items}</ul>
  ) : (
    <ol class="notes-numbers" start={block.from}>
      {items}
    </ol>
  );
};

const NotesItem = ({ item: { line, done, inlines }, task, back }: NotesProps & { item: Item }) => {
  if (done === null)
    return (
      <li>
        <Inlines of={inlines} />
      </li>
    );
  const words = wordsOfTick(task.description, line);
  return (
    <li class={["notes-tick", done ? "notes-done" : ""]}>
      <form method="post" action={`/tasks/${task.id}/tick?${new URLSearchParams({ back })}`}>
        <input type="hidden" name="line" value={String(line)} />
        <input type="hidden" name="words" value={words} />
        <button type="submit" class="notes-box" aria-pressed={done ? "true" : "false"} aria-label={words}>
          {done ? <Icon name="check" /> : ""}
        </button>
      </form>
      <span>
        <Inlines of={inlines} />
      </span>
    </li>
  );
};

const Inlines = ({ of }: { of: readonly Inline[] }) => (
  <>
    {of.map((part) =>
      part.kind === "text" ? (
        <span safe>{part.text}</span>
      ) : (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow" safe>
          {part.text}
        </a>
      ),
    )}
  </>
);
