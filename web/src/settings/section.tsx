import type { Children } from "@kitajs/html";
import { Html } from "../ui/html.ts";

/** One part of the settings: what it is about, and its panel. */
export const Section = ({
  id,
  title,
  lead,
  children,
}: {
  id: string;
  title: string;
  lead: string;
  children?: Children;
}) => (
  <section class="setting" id={id} aria-labelledby={`${id}-title`}>
    <header class="setting-head">
      <h2 id={`${id}-title`} safe>
        {title}
      </h2>
      <p class="quiet" safe>
        {lead}
      </p>
    </header>
    <div class="panel setting-body">{children}</div>
  </section>
);
