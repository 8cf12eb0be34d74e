/**
 * Attributes of a form that changes something in the task list: htmx posts it, follows the redirect back to the list and morphs only
 * that part, so nothing else on the page moves. A second submit while one is under way is dropped.
 */
export const inList = (action: string): Record<string, string> => ({
  "hx-post": action,
  "hx-target": "#list",
  "hx-swap": "innerMorph",
  "hx-sync": "this:drop",
});
