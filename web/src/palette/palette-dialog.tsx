import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

/** Where `/` and Ctrl-K lead: one field for commands, places, tags and tasks. */
export const PaletteDialog = () => (
  <dialog id="finder" class="popover palette" aria-label="Search and commands">
    <div class="palette-field">
      <Icon name="search" />
      <input
        class="palette-input"
        type="search"
        role="combobox"
        aria-label="Search tasks, tags, places and commands"
        aria-expanded="true"
        aria-controls="palette-options"
        aria-autocomplete="list"
        placeholder="Search, or what to do"
        dir="auto"
        maxlength={200}
        autocomplete="off"
      />
    </div>
    <div id="palette-found" class="palette-found" />
  </dialog>
);
