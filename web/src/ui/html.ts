import { Html as Kita } from "@kitajs/html";

declare global {
  namespace JSX {
    interface IntrinsicElements {
      /** htmx: content for another place of the page than the request's own target. */
      "hx-partial": HtmlTag;
    }
  }
}

type Attributes = Record<string, unknown> | null;
type Arguments = Parameters<typeof Kita.createElement>;

/**
 * Kita escapes only the double quote in attributes, so `value="AT&amp;T"` typed by a user would come
 * back as `AT&T`. Here an attribute shows exactly what it was given.
 */
function createElement(name: Arguments[0], attributes: Attributes, ...children: Arguments[2][]): JSX.Element {
  if (typeof name === "string" && attributes) {
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "string") attributes[key] = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    }
  }
  return Kita.createElement(name, attributes, ...children);
}

/**
 * The JSX factory of every page (`jsxFactory` in tsconfig.json). Children are escaped only by `safe`:
 * `xss-scan` checks that.
 */
export const Html = { createElement, Fragment: Kita.Fragment, escapeHtml: Kita.escapeHtml };
