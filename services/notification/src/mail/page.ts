/** An address under PUBLIC_URL, which may have a path of its own. */
export const addressOf = (publicUrl: URL, path: string): string =>
  new URL(path, publicUrl.href.endsWith("/") ? publicUrl.href : `${publicUrl.href}/`).href;

const styles = {
  body: "margin:0;padding:24px;background:#f6f5f1;color:#1f2328;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif",
  card: "max-width:480px;margin:0 auto;padding:24px;background:#fff;border-radius:12px",
  title: "margin:0 0 8px;font-size:20px;line-height:1.3;overflow-wrap:anywhere",
  moment: "margin:0 0 20px;font-size:14px;color:#5b6169",
  button: "display:inline-block;padding:10px 18px;border-radius:8px;background:#1d4f73;color:#fff;text-decoration:none",
  why: "margin:24px 0 0;font-size:13px;color:#5b6169",
};

type Page = {
  title: string;
  lead: string | null;
  moment?: string | null;
  link: string;
  button: string;
  why: string;
  language?: string;
};

/** A mail's HTML part: everything given is text, never markup. */
export function page({ title, lead, moment, link, button, why, language = "en" }: Page): string {
  const safe = (text: string): string => Bun.escapeHTML(text);
  return [
    `<!doctype html><html lang="${safe(language)}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width"><title>${safe(title)}</title></head>`,
    `<body style="${styles.body}"><main style="${styles.card}">`,
    `<h1 dir="auto" style="${styles.title}">${safe(title)}</h1>`,
    lead ? `<p style="margin:0 0 ${moment ? 4 : 20}px">${safe(lead)}</p>` : "",
    moment ? `<p style="${styles.moment}">${safe(moment)}</p>` : "",
    `<a style="${styles.button}" href="${safe(link)}">${safe(button)}</a>`,
    `<p style="${styles.why}">${safe(why)}</p></main></body></html>`,
  ].join("\n");
}
