import { Html } from "./html.ts";
import { Icon } from "./icon.tsx";

const keys = [
  { key: "n", what: "New task" },
  { key: "/", what: "Search" },
  { key: "j", what: "Next task" },
  { key: "k", what: "Previous task" },
  { key: "c", what: "Complete the task, or take it back" },
  { key: "Enter", what: "Open the task" },
  { key: "?", what: "This help" },
] as const;

/** What `?` opens. Single keys can be switched off in the settings (WCAG 2.1.4). */
export const Shortcuts = () => (
  <dialog id="shortcuts" class="dialog" aria-labelledby="shortcuts-title">
    <form method="dialog" class="dialog-head">
      <h2 id="shortcuts-title">Keyboard shortcuts</h2>
      <button type="submit" class="icon-button" aria-label="Close">
        <Icon name="close" />
      </button>
    </form>
    <dl class="shortcut-list">
      {keys.map(({ key, what }) => (
        <div>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
    <p class="field-hint">
      You can switch them off in the <a href="/settings#display">settings</a>.
    </p>
  </dialog>
);
