import type { Visit } from "../door/visit.ts";
import { Html } from "../ui/html.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { DateChoices } from "./date-choices.tsx";

/** What acts on rows open: the choice of a date, the menu of a row. Both are there from the start, so that a key answers at once. */
export const TaskDialogs = ({ visit }: { visit: Visit }) => (
  <>
    <dialog id="date-dialog" class="popover" aria-labelledby="date-dialog-title">
      <h2 id="date-dialog-title" class="popover-title" dir="auto">
        Date
      </h2>
      <form class="date-form" method="post" action="/tasks/date" data-act="date">
        <DateChoices visit={visit} />
      </form>
    </dialog>
    <div id="bulk" class="bulk" hidden role="toolbar" aria-label="For all that are selected">
      <span class="bulk-count" role="status" />
      {bulk.map(({ does, icon, label }) => (
        <button type="button" class="bulk-act" data-does={does}>
          <Icon name={icon} />
          <span safe>{label}</span>
        </button>
      ))}
      <button type="button" class="bulk-act" data-does="clear" aria-label="Select none">
        <Icon name="close" />
      </button>
    </div>
    <dialog id="row-menu" class="popover popover-menu" aria-label="More">
      <ul class="menu">
        {menu.map(({ does, icon, label, key }) => (
          <li>
            <button type="button" class="menu-item" data-does={does}>
              <Icon name={icon} />
              <span safe>{label}</span>
              <span class="key" aria-hidden="true" safe>
                {key}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </dialog>
  </>
);

const bulk: readonly { does: string; icon: IconName; label: string }[] = [
  { does: "complete", icon: "check", label: "Done" },
  { does: "date", icon: "calendar", label: "Date" },
  { does: "high", icon: "flag", label: "High" },
  { does: "delete", icon: "trash", label: "Delete" },
];

const menu: readonly { does: string; icon: IconName; label: string; key: string }[] = [
  { does: "open", icon: "note", label: "Open", key: "o" },
  { does: "complete", icon: "check", label: "Complete", key: "c" },
  { does: "date", icon: "calendar", label: "Date", key: "t" },
  { does: "urgent", icon: "flag", label: "Urgent", key: "1" },
  { does: "high", icon: "flag", label: "High priority", key: "2" },
  { does: "medium", icon: "flag", label: "Medium priority", key: "3" },
  { does: "low", icon: "flag", label: "Low priority", key: "4" },
  { does: "select", icon: "list", label: "Select", key: "x" },
  { does: "delete", icon: "trash", label: "Delete", key: "Del" },
];
