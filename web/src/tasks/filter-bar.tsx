import type { Tag } from "@carillon/contracts/http/tags";
import { priorities } from "@carillon/contracts/http/tasks";
import type { Children } from "@kitajs/html";
import { PriorityBars, priorityLabels, TagDot } from "../ui/badges.tsx";
import { Select } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { Pill } from "../ui/pill.tsx";
import { countFilters, type Filters, type ListAddress, listPath, noFilters, sorts } from "./list-address.ts";

const statuses = [
  { value: "pending", label: "Open" },
  { value: "completed", label: "Done" },
  { value: "any", label: "Any" },
] as const;

/**
 * Search, filters and order of "All tasks" as one plain GET form. With htmx the list and the address
 * follow each change; without, "Apply" does it.
 */
export const FilterBar = ({ address, tags }: { address: ListAddress; tags: readonly Tag[] }) => {
  const { filters } = address;
  return (
    <form
      class="filter-bar"
      method="get"
      action="/all"
      hx-get="/all"
      hx-target="#list"
      hx-swap="innerMorph"
      hx-trigger="submit, change, input delay:250ms from:#search"
      hx-sync="this:replace"
    >
      <search class="filter-search">
        <label class="sr-only" for="search">
          Search titles and descriptions
        </label>
        <Icon name="search" />
        <input
          id="search"
          class="input"
          type="search"
          name="search"
          value={filters.search}
          maxlength={200}
          placeholder="Search"
          dir="auto"
          autocomplete="off"
        />
      </search>
      <details class="filter-panel">
        <summary class="button">
          <Icon name="filter" />
          Filter
          <Icon name="chevron" class="chevron" />
        </summary>
        <FilterFields filters={filters} tags={tags} />
      </details>
    </form>
  );
};

const FilterFields = ({ filters, tags }: { filters: Filters; tags: readonly Tag[] }) => (
  <div class="filter-fields">
    <Choices legend="Status">
      {statuses.map(({ value, label }) => (
        <Pill type="radio" name="status" value={value} checked={filters.status === value}>
          {label}
        </Pill>
      ))}
    </Choices>
    <Choices legend="Due">
      <Pill type="checkbox" name="overdue" value="1" checked={filters.overdue}>
        <Icon name="alarm" />
        Overdue
      </Pill>
    </Choices>
    <Choices legend="Priority">
      {priorities.map((level) => (
        <Pill type="checkbox" name="priority" value={level} checked={filters.priorities.includes(level)}>
          <PriorityBars level={level} />
          <span safe>{priorityLabels[level]}</span>
        </Pill>
      ))}
    </Choices>
    <TagChoices tags={tags} filters={filters} />
    <div class="filter-end">
      <label class="filter-sort" for="sort">
        Order
      </label>
      <Select name="sort" value={filters.sort ?? ""} choices={orders(filters)} attributes={{ id: "sort" }} />
      <button type="submit" class="button">
        Apply
      </button>
    </div>
  </div>
);

const Choices = ({ legend, children }: { legend: string; children?: Children }) => (
  <fieldset class="choices">
    <legend safe>{legend}</legend>
    <div class="pills">{children}</div>
  </fieldset>
);

const TagChoices = ({ tags, filters }: { tags: readonly Tag[]; filters: Filters }) => {
  const known = tags.map(({ name }) => name);
  const gone = filters.tags.filter((name) => !known.includes(name));
  if (tags.length + gone.length === 0) return "";
  return (
    <Choices legend="Tags">
      {[...tags, ...gone.map((name) => ({ name, color: "" }))].map(({ name, color }) => (
        <Pill type="checkbox" name="tag" value={name} checked={filters.tags.includes(name)}>
          <TagDot color={color} />
          <span class="pill-text" dir="auto" safe>
            {name}
          </span>
        </Pill>
      ))}
    </Choices>
  );
};

function orders({ search }: Filters) {
  const { relevance, ...others } = sorts;
  const named = Object.entries(others).map(([value, label]) => ({ value, label }));
  return search
    ? [{ value: "", label: relevance }, ...named]
    : [{ value: "", label: sorts.due_date }, ...named.filter(({ value }) => value !== "due_date")];
}

/** The active filters, each with a way to remove it; part of the list, so that it follows every change. */
export const ActiveFilters = ({ address }: { address: ListAddress }) => {
  const { filters } = address;
  if (countFilters(filters) === 0) return "";
  const off = (changes: Partial<Filters>) => listPath(address, changes);
  return (
    <ul class="active-filters" aria-label="Active filters">
      {filters.search ? <Off href={off({ search: "" })} label={`“${filters.search}”`} /> : null}
      {filters.status === "pending" ? null : (
        <Off href={off({ status: "pending" })} label={filters.status === "any" ? "Open and completed" : "Done"} />
      )}
      {filters.overdue ? <Off href={off({ overdue: false })} label="Overdue" /> : null}
      {filters.priorities.map((level) => (
        <Off
          href={off({ priorities: filters.priorities.filter((other) => other !== level) })}
          label={`${priorityLabels[level]} priority`}
        />
      ))}
      {filters.tags.map((tag) => (
        <Off href={off({ tags: filters.tags.filter((other) => other !== tag) })} label={tag} />
      ))}
      <li>
        <a class="quiet-link" href={listPath(address, noFilters)}>
          Clear all
        </a>
      </li>
    </ul>
  );
};

const Off = ({ href, label }: { href: string; label: string }) => (
  <li>
    <a class="chip" href={href}>
      <span class="sr-only">Remove filter: </span>
      <span class="chip-text" dir="auto" safe>
        {label}
      </span>
      <Icon name="close" />
    </a>
  </li>
);
