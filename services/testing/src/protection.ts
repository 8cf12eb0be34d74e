import { type AnswerKind, securityHeaders } from "@carillon/kit/http";

export type Heard = { method: string; route: string; status: number; headers: Headers };

/** `2xx` also for answers that send a browser on, or tell it that nothing has changed: all of them went well. */
export type StatusClass = "2xx" | "4xx" | "5xx";
const classOf = (status: number): StatusClass => (status < 400 ? "2xx" : status < 500 ? "4xx" : "5xx");

export type Expected = {
  /** People come by https. */
  secure: boolean;
  /** Routes whose answers are public and may be cached. */
  isPublic?: (route: string) => boolean;
  /** Routes whose pages have a policy of their own: none that lets a script of another origin in, or one in the text. */
  hasOwnPolicy?: (route: string) => boolean;
};

/** What each route was heard to answer: which classes of statuses, and which headers of the table were missing or otherwise. */
export class Protection {
  readonly #classes = new Map<string, Set<StatusClass>>();
  readonly faults: string[] = [];
  readonly #table: Readonly<Record<string, string>>;
  readonly #expected: Expected;

  constructor(kind: AnswerKind, expected: Expected) {
    this.#table = securityHeaders(kind, expected);
    this.#expected = expected;
  }

  hear(heard: Heard): void {
    const { method, route, status, headers } = heard;
    const name = `${method} ${route}`;
    const classes = this.#classes.get(name) ?? new Set();
    this.#classes.set(name, classes.add(classOf(status)));
    for (const [header, wanted] of Object.entries(this.#table)) {
      const sent = headers.get(header);
      if (sent === wanted || (sent !== null && this.#isAsGood(header, sent, heard))) continue;
      this.faults.push(`${name} (${status}): ${header} is ${sent ?? "missing"}`);
    }
  }

  #isAsGood(header: string, sent: string, { route, status }: Heard): boolean {
    const { isPublic, hasOwnPolicy } = this.#expected;
    if (header === "cache-control") return /\bno-store\b/.test(sent) || (status < 400 && (isPublic?.(route) ?? false));
    if (header !== "content-security-policy" || !hasOwnPolicy?.(route)) return false;
    return /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'$/.test(sent);
  }

  /** Routes and classes that were not heard. */
  unheard(routes: readonly { method: string; path: string }[], classes: readonly StatusClass[]): string[] {
    return routes.flatMap(({ method, path }) =>
      classes
        .filter((one) => !this.#classes.get(`${method} ${path}`)?.has(one))
        .map((one) => `${method} ${path}: ${one}`),
    );
  }
}
