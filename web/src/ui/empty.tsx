import type { Children } from "@kitajs/html";
import { Html } from "./html.ts";
import { RestingBell } from "./mark.tsx";

/** An empty state: what this place is for, and the next step. */
export const Empty = ({ title, children }: { title: string; children?: Children }) => (
  <div class="empty">
    <RestingBell />
    <h2 class="empty-title" safe>
      {title}
    </h2>
    <p class="empty-text">{children}</p>
  </div>
);
