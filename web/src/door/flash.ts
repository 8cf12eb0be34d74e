/**
 * A message that the next page shows once after a form: `text` is the whole sentence, `undo` a form
 * that reverts it.
 */
export type Flash = { text: string; undo?: { action: string; label: string } };

/** Maximum length of a title quoted in a message, in characters; a cookie holds about 4 000 bytes. */
const quoteLength = 60;

/** “Buy milk”, shortened when long. */
export function quote(title: string): string {
  const characters = [...title];
  return `“${characters.length > quoteLength ? `${characters.slice(0, quoteLength - 1).join("")}…` : title}”`;
}

export const writeFlash = (flash: Flash): string => Buffer.from(JSON.stringify(flash)).toString("base64url");

/**
 * The flash of a cookie's value; null for anything that is not one. Its addresses are checked, because
 * they end up in a form.
 */
export function readFlash(value: string | null): Flash | null {
  if (value === null) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(value, "base64url").toString("utf8"));
    if (typeof parsed !== "object" || parsed === null || !("text" in parsed) || typeof parsed.text !== "string")
      return null;
    const undo = "undo" in parsed ? readUndo(parsed.undo) : null;
    return { text: parsed.text, ...(undo ? { undo } : {}) };
  } catch {
    return null;
  }
}

function readUndo(value: unknown): Flash["undo"] | null {
  if (typeof value !== "object" || value === null || !("action" in value) || !("label" in value)) return null;
  const { action, label } = value;
  return typeof action === "string" && typeof label === "string" && /^\/tasks\/([\w-]+\/[a-z]+|undo)(\?|$)/.test(action)
    ? { action, label }
    : null;
}
