import { type Language, languages } from "@carillon/contracts/http/quick-add";

/** The one of our languages that an `Accept-Language` prefers (RFC 9110 §12.5.4); English when it names none. */
export function preferredLanguage(header: string | null): Language {
  let best: { language: Language; weight: number } = { language: "en", weight: 0 };
  for (const range of (header ?? "").slice(0, 1_000).split(",")) {
    const [tag = "", ...parameters] = range.trim().toLowerCase().split(";");
    const language = languages.find((name) => name === tag.split("-")[0]);
    const quality = /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameters.join(";"))?.[1];
    const weight = parameters.length === 0 ? 1 : Number(quality ?? 0);
    if (language !== undefined && weight > best.weight) best = { language, weight };
  }
  return best.language;
}
