import type { Children } from "@kitajs/html";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

/** The head of a page of one part of the settings: the way back, and its name. */
export const SubHead = ({ back, title, children }: { back: [string, string]; title: string; children?: Children }) => (
  <header class="page-head">
    <a class="page-back" href={back[0]}>
      <Icon name="back" />
      <span safe>{back[1]}</span>
    </a>
    <h1 safe>{title}</h1>
    {children}
  </header>
);

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
