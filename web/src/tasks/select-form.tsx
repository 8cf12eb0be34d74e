import type { Visit } from "../door/visit.ts";
import { Select } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import type { ListAddress } from "./list-address.ts";
import { priorityChoices } from "./quick-add.tsx";

const days = [
  { value: "today", label: "Today" },
  { value: "tomorrow", label: "Tomorrow" },
  { value: "weekend", label: "Weekend" },
  { value: "next_week", label: "Next week" },
  { value: "none", label: "No date" },
];

/** True for a list whose rows are chosen by boxes: what `x` does with a script. */
export const isSelecting = ({ url }: Visit, { name }: ListAddress): boolean =>
  url.searchParams.has("select") && name !== "trash";

/** What is done with the chosen rows; their boxes name this form. */
export const SelectForm = ({ back }: { back: string }) => (
  <form
    id="select-form"
    class="select-form"
    method="post"
    action={`/tasks/many?${new URLSearchParams({ back })}`}
    aria-label="For all that are selected"
  >
    <button type="submit" name="verb" value="complete" class="button button-small">
      Complete
    </button>
    <button type="submit" name="verb" value="delete" class="button button-small">
      Delete
    </button>
    <span class="select-pair">
      <Select name="to" value="tomorrow" choices={days} attributes={{ "aria-label": "Date" }} />
      <button type="submit" name="verb" value="date" class="button button-small">
        Set the date
      </button>
    </span>
    <span class="select-pair">
      <Select name="priority" value="high" choices={priorityChoices} attributes={{ "aria-label": "Priority" }} />
      <button type="submit" name="verb" value="priority" class="button button-small">
        Set the priority
      </button>
    </span>
    <a class="quiet-link" href={back}>
      Cancel
    </a>
  </form>
);
