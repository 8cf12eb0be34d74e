/** The order matters: most browsers also call themselves Chrome and Safari. */
const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bChrom(e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
];
const systems: readonly [RegExp, string][] = [
  [/\b(iPhone|iPod)\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const maxProgramChars = 40;

/**
 * What a `User-Agent` header calls itself, in words: "Firefox on Linux", or the name of a program. Words of our own alone, but for a program's
 * name, which has letters, digits and `._-` and 40 characters at most.
 */
export function clientName(userAgent: string | null): string {
  const named = (list: readonly [RegExp, string][]) => list.find(([is]) => is.test(userAgent ?? ""))?.[1];
  const [browser, system] = [named(browsers), named(systems)];
  if (browser) return system ? `${browser} on ${system}` : browser;
  const program = /^[A-Za-z][\w.-]*/.exec(userAgent ?? "")?.[0];
  return program && program !== "Mozilla" ? program.slice(0, maxProgramChars) : (system ?? "unknown");
}
