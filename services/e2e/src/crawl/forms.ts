/** A form of a page: where it goes, and what a browser would send untouched. */
export type Form = { action: string; fields: [string, string][] };

/** The forms of a page that post. */
export async function formsIn(html: string): Promise<Form[]> {
  const forms: (Form & { isPost: boolean })[] = [];
  const note = (name: string | null, value: string | null): void => {
    if (name) forms.at(-1)?.fields.push([name, decode(value ?? "")]);
  };
  const rewriter = new HTMLRewriter()
    .on("form", {
      element(form) {
        const isPost = form.getAttribute("method")?.toLowerCase() === "post";
        forms.push({ action: decode(form.getAttribute("action") ?? ""), fields: [], isPost });
      },
    })
    .on("form input, form textarea, form select", {
      element: (field) => note(field.getAttribute("name"), field.getAttribute("value")),
    });
  await rewriter.transform(new Response(html)).text();
  return forms.filter(({ isPost, action }) => isPost && action.startsWith("/"));
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'", "#x27": "'" };

const decode = (text: string): string => text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);
