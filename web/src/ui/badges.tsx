import { type Priority, priorities } from "@carillon/contracts/http/tasks";
import { Html } from "./html.ts";

export const priorityLabels: Record<Priority, string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  urgent: "Urgent",
};

/** One to four rising bars, like a peal getting louder: the number tells the priority as well as the colour does. */
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

/** Quiet levels show the bars alone (and say their name to screen readers); loud ones show the word too. */
export const PriorityBadge = ({ level }: { level: Priority }) => (
  <span class={["priority", `priority-${level}`]}>
    <PriorityBars level={level} />
    <span class={level === "high" || level === "urgent" ? "" : "sr-only"} safe>
      {priorityLabels[level]}
    </span>
    <span class="sr-only"> priority</span>
  </span>
);

const colorPattern = /^#[0-9a-f]{6}$/i;

/** A dot in the tag's own colour. Its colour is an SVG attribute: the content policy allows no inline style. */
export const TagDot = ({ color }: { color: string }) => (
  <svg class="tag-dot" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
    <circle cx="5" cy="5" r="4.5" fill={colorPattern.test(color) ? color : "currentColor"} />
  </svg>
);

type TagView = { name: string; color: string };

/** The tag's name on a tint of its colour; the text keeps the page's ink, so that it can be read on any colour. */
export const TagBadge = ({ tag, href }: { tag: TagView; href: string }) => (
  <a class="tag-badge" href={href}>
    <svg class="tag-tint" aria-hidden="true" focusable="false">
      <rect width="100%" height="100%" rx="6" fill={colorPattern.test(tag.color) ? tag.color : "currentColor"} />
    </svg>
    <TagDot color={tag.color} />
    <span class="tag-name" safe>
      {tag.name}
    </span>
  </a>
);

export const tagHref = (name: string): string => `/all?${new URLSearchParams({ tag: name })}`;
