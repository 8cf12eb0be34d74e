import { Html } from "./html.ts";
import { Icon } from "./icon.tsx";
import { keys } from "./keys.ts";

/** What `?` opens, and what the script reads its keys from. Single keys can be switched off in the settings (WCAG 2.1.4). */
export const Shortcuts = () => (
  <dialog id="shortcuts" class="dialog" aria-labelledby="shortcuts-title">
    <form method="dialog" class="dialog-head">
      <h2 id="shortcuts-title">Keyboard shortcuts</h2>
      <button type="submit" class="icon-button" aria-label="Close">
        <Icon name="close" />
      </button>
    </form>
    {keys.map(({ group, keys: ofGroup }) => (
      <section>
        <h3 class="shortcut-group" safe>
          {group}
        </h3>
        <dl class="shortcut-list">
          {ofGroup.map(({ key, does, what }) => (
            <div data-key={key} data-for={does}>
              <dt>
                <kbd safe>{faces[key] ?? key}</kbd>
              </dt>
              <dd safe>{what}</dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
    <p class="field-hint">
      You can switch them off in the <a href="/settings#display">settings</a>.
    </p>
  </dialog>
);

const faces: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Delete: "Del" };
