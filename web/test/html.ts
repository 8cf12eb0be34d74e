export type Form = { action: string; fields: [string, string][]; formactions: string[] };

/** The first form whose action starts with `action`, and its untouched fields as a browser would send them. */
export async function formIn(text: string, action: string): Promise<Form> {
  const form = (await formsIn(text)).find((candidate) => candidate.action.startsWith(action));
  if (!form) throw new Error(`There is no form to ${action} on this page.`);
  return form;
}

/** All forms of a page with their present fields. */
export async function formsIn(text: string): Promise<Form[]> {
  const forms: Form[] = [];
  let select: string | null = null;
  let area: [string, string] | null = null;
  const fields = () => forms.at(-1)?.fields ?? [];
  const rewriter = new HTMLRewriter()
    .on("form", {
      element: (form) =>
        void forms.push({ action: decode(form.getAttribute("action") ?? ""), fields: [], formactions: [] }),
    })
    .on("form [formaction]", {
      element: (button) => void forms.at(-1)?.formactions.push(decode(button.getAttribute("formaction") ?? "")),
    })
    .on("form input", {
      element(input) {
        const name = input.getAttribute("name");
        const unticked = /checkbox|radio/.test(input.getAttribute("type") ?? "") && !input.hasAttribute("checked");
        if (name && !unticked) fields().push([name, decode(input.getAttribute("value") ?? "")]);
      },
    })
    .on("form select", {
      element(element) {
        select = element.getAttribute("name");
      },
    })
    .on("form option[selected]", {
      element: (option) => void (select && fields().push([select, decode(option.getAttribute("value") ?? "")])),
    })
    .on("form textarea", {
      element(element) {
        area = [element.getAttribute("name") ?? "", ""];
        fields().push(area);
      },
      text(chunk) {
        if (area) area[1] += chunk.text;
      },
    });
  rewriter.transform(text);
  return forms.map((form) => ({
    ...form,
    fields: form.fields.map(([name, value]) => [name, area?.[0] === name ? decode(value).replace(/^\n/, "") : value]),
  }));
}

/** Visible text of a page: no tags, entities decoded, blanks collapsed. */
export const wordsOf = (html: string): string =>
  decode(
    html
      .replace(/<(script|style|template)[\s\S]*?<\/\1>/g, "")
      .replace(/<\/?bdi>/g, "")
      .replace(/<[^>]*>/g, " "),
  ).replace(/\s+/g, " ");

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'", "#x27": "'" };

export const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#34|#39|#x27);/g, (_, name: string) => entities[name] ?? "");
