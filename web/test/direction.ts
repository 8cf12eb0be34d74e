/**
 * The places of a page that show `text` (or hold it in a field) without a base direction of their own: a title in
 * Arabic would put its full stop at the wrong end there. A browser's choices (`option`) are its own.
 */
export async function undirected(page: string, text: string): Promise<string[]> {
  const around: { tag: string; ownWay: boolean }[] = [];
  const found: string[] = [];
  let words = "";
  const own = (element: HTMLRewriterTypes.Element) =>
    element.tagName === "bdi" || element.getAttribute("dir") === "auto";
  const name = (element: HTMLRewriterTypes.Element) =>
    [element.tagName, element.getAttribute("class"), element.getAttribute("name")].filter(Boolean).join(" ");
  const rewriter = new HTMLRewriter().on("body *", {
    element(element) {
      const isOwn = own(element) || (around.at(-1)?.ownWay ?? false);
      const held = element.tagName === "input" && isTyped(element) ? element.getAttribute("value") : null;
      if (held?.includes(text) && !isOwn) found.push(name(element));
      if (element.selfClosing || !element.canHaveContent) return;
      around.push({ tag: name(element), ownWay: isOwn });
      element.onEndTag(() => void around.pop());
    },
    text(chunk) {
      words += chunk.text;
      if (!chunk.lastInTextNode) return;
      const here = around.at(-1);
      if (words.includes(text) && here && !here.ownWay && here.tag !== "option") found.push(here.tag);
      words = "";
    },
  });
  rewriter.transform(page);
  return found;
}

const isTyped = (input: HTMLRewriterTypes.Element): boolean =>
  ["text", "search", null].includes(input.getAttribute("type"));
