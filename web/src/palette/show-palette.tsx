import type { Task } from "@carillon/contracts/http/tasks";
import { html, seeOther } from "../door/respond.ts";
import type { Visit } from "../door/visit.ts";
import { dueText } from "../time.ts";
import { TagDot, tagHref } from "../ui/badges.tsx";
import { Html } from "../ui/html.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { commands } from "../ui/keys.ts";
import { listLinks, otherLinks } from "../ui/places.ts";
import { Marked } from "./marked.tsx";

const maxTasksShown = 8;
const maxTagsShown = 5;

/** `GET /palette?q&acting`: what the words may mean, for the palette; without its script the search of "All tasks" answers. */
export async function showPalette(visit: Visit): Promise<Response> {
  const words = (visit.url.searchParams.get("q") ?? "").trim().slice(0, 200);
  if (visit.part !== "dialog") return seeOther(`/all?${new URLSearchParams({ search: words, status: "any" })}`);
  const isActing = Number(visit.url.searchParams.get("acting")) > 0;
  const [tasks, counts] = await Promise.all([findTasks(visit, words), visit.counts()]);
  const found = [
    ...commandOptions(words, isActing),
    ...[...listLinks(counts), ...otherLinks].filter(({ label }) => fits(label, words)).map(placeOption),
  ];
  const tags = counts.tags.filter(({ name }) => words !== "" && fits(name, words)).slice(0, maxTagsShown);
  const open = tasks.filter(({ completed }) => !completed);
  const done = tasks.filter(({ completed }) => completed);
  let number = 0;
  const nextId = () => `option-${++number}`;
  return html(
    <>
      <p class="sr-only" role="status">
        {found.length + tags.length + tasks.length} found
      </p>
      <div role="listbox" id="palette-options" aria-label="Found">
        {found.map((option) => (
          <OptionRow id={nextId()} option={option} words={words} />
        ))}
        {tags.map(({ name, color, open: count }) => (
          <a role="option" tabindex="-1" id={nextId()} class="option" aria-selected="false" href={tagHref(name)}>
            <TagDot color={color} />
            <span class="option-text" dir="auto">
              <Marked text={name} words={words} />
            </span>
            <span class="option-note">{count}</span>
          </a>
        ))}
        {open.map((task) => (
          <TaskOption id={nextId()} task={task} words={words} visit={visit} />
        ))}
        {done.length > 0 ? <p class="option-head">Done</p> : null}
        {done.map((task) => (
          <TaskOption id={nextId()} task={task} words={words} visit={visit} />
        ))}
      </div>
      {number === 0 ? <p class="palette-none">Nothing is called so.</p> : null}
    </>,
  );
}

async function findTasks({ api }: Visit, words: string): Promise<Task[]> {
  if (words === "") return [];
  const { data } = await api.listTasks({ search: words, limit: maxTasksShown });
  return data;
}

type Option = { icon: IconName; label: string; note: string; does?: string; href?: string };

/** Each word begins a word of the text, in any order. */
function fits(text: string, words: string): boolean {
  const parts = text.toLowerCase().split(/[\s-]+/);
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => parts.some((part) => part.startsWith(word)));
}

/** Acts on a task are offered only where there is a task to act on. */
const commandOptions = (words: string, isActing: boolean): Option[] =>
  commands
    .filter(({ onTask }) => isActing || !onTask)
    .filter(({ what }) => fits(what, words))
    .map(({ does, what, key }) => ({ icon: "bolt", label: what, note: key, does }));

const placeOption = ({
  icon,
  label,
  href,
  count,
}: {
  icon: IconName;
  label: string;
  href: string;
  count?: number;
}) => ({
  icon,
  label,
  href,
  note: count ? String(count) : "",
});

const OptionRow = ({
  id,
  option: { icon, label, note, does, href },
  words,
}: {
  id: string;
  option: Option;
  words: string;
}) => {
  const inside = (
    <>
      <Icon name={icon} />
      <span class="option-text">
        <Marked text={label} words={words} />
      </span>
      <span class="option-note" safe>
        {note}
      </span>
    </>
  );
  return href === undefined ? (
    <button type="button" role="option" tabindex="-1" id={id} class="option" aria-selected="false" data-command={does}>
      {inside}
    </button>
  ) : (
    <a role="option" tabindex="-1" id={id} class="option" aria-selected="false" href={href}>
      {inside}
    </a>
  );
};

const TaskOption = ({
  id,
  task,
  words,
  visit: { now, user },
}: {
  id: string;
  task: Task;
  words: string;
  visit: Visit;
}) => (
  <a role="option" tabindex="-1" id={id} class="option" aria-selected="false" href={`/tasks/${task.id}`}>
    <Icon name={task.completed ? "check" : "note"} />
    <span class="option-text" dir="auto">
      <Marked text={task.title} words={words} />
    </span>
    <span class="option-note" safe>
      {task.due_date === null ? "" : dueText({ ...task, due_date: task.due_date }, now, user)}
    </span>
  </a>
);
