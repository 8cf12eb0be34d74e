import type { Flash } from "../door/flash.ts";
import { Html } from "./html.ts";
import { Icon } from "./icon.tsx";
import { Said } from "./said.tsx";

/**
 * Said once, at the foot of the page; with a way back where there is one. The undo form works without a script; on a page with a task
 * list (`besideList`) only the rows change.
 */
export const Toast = ({ flash, besideList }: { flash: Flash; besideList: boolean }) => (
  <div class="toast" data-toast>
    <p class="toast-text">
      <Said text={flash.text} />
    </p>
    {flash.undo ? (
      <form method="post" action={flash.undo.action} data-act={besideList ? "undo" : undefined}>
        <button type="submit" class="toast-action">
          <Icon name="undo" />
          <span dir="auto" safe>
            {flash.undo.label}
          </span>
        </button>
      </form>
    ) : null}
    <button type="button" class="toast-close scripted" data-dismiss aria-label="Dismiss">
      <Icon name="close" />
    </button>
  </div>
);

export const AlarmToast = ({ text, link }: { text: string; link?: { href: string; label: string } }) => (
  <div class="toast toast-alarm" data-toast>
    <Icon name="warning" />
    <p class="toast-text">
      <Said text={text} />
    </p>
    {link ? (
      <a class="toast-action" href={link.href} target="_blank" rel="noopener" safe>
        {link.label}
      </a>
    ) : null}
    <button type="button" class="toast-close scripted" data-dismiss aria-label="Dismiss">
      <Icon name="close" />
    </button>
  </div>
);
