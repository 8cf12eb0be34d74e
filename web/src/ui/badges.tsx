import { type Priority, priorities } from "@carillon/contracts/http/tasks";
import { Html } from "./html.ts";

export const priorityLabels: Record<Priority, string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  urgent: "Urgent",
};

/** One to four rising bars, like a peal getting louder: the number shows the priority as well as the colour does. */
export const PriorityBars = ({ level }: { level: Priority }) => {
  const filled = priorities.indexOf(level) + 1;
  return (
    <svg class={["bars", `bars-${level}`]} viewBox="0 0 16 14" aria-hidden="true" focusable="false">
      {[0, 1, 2, 3].map((bar) => (
        <rect
          class={bar < filled ? "bar" : "bar bar-off"}
          x={String(bar * 4.2)}
          y={String(10 - bar * 3)}
          width="2.9"
          height={String(4 + bar * 3)}
          rx="1"
        />
      ))}
    </svg>
  );
};

/** The priority in words, for screen readers: the row's ring and bar show it. The default says nothing. */
export const PriorityWords = ({ level }: { level: Priority }) =>
  level === "medium" ? "" : <span class="sr-only" safe>{`${priorityLabels[level]} priority`}</span>;

const colorPattern = /^#[0-9a-f]{6}$/i;

/** A dot in the tag's own colour. Its colour is an SVG attribute: the content policy allows no inline style. */
export const TagDot = ({ color }: { color: string }) => (
  <svg class="tag-dot" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
    <circle cx="5" cy="5" r="4.5" fill={colorPattern.test(color) ? color : "currentColor"} />
  </svg>
);

type TagView = { name: string; color: string };

/** A dot and the tag's name in grey, which lead to the tag's page. */
export const TagNote = ({ tag, href }: { tag: TagView; href: string }) => (
  <a class="tag-note" href={href}>
    <TagDot color={tag.color} />
    <span class="tag-name" dir="auto" safe>
      {tag.name}
    </span>
  </a>
);

export const tagHref = (name: string): string => `/all?${new URLSearchParams({ tag: name })}`;
