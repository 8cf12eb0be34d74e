/** A request that an ordinary client would not send; `hides` says what is odd about it. */
export type HostileRequest = { hides: string; bytes: string };

const characters = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at)).filter(
  (sign) => !/[0-9A-Za-z]/.test(sign),
);

/** Values of `Host` that are not an authority, or an odd one; null: no such header. */
const hosts: [string, readonly string[]][] = [
  ["no Host", []],
  ["an empty Host", [""]],
  ...characters.flatMap((sign): [string, string[]][] => [
    [`Host with ${JSON.stringify(sign)}`, [`local${sign}host`]],
    [`Host of ${JSON.stringify(sign)} alone`, [sign]],
  ]),
  ["Host beyond ASCII", ["\xfc.example"]],
  ["Host in UTF-8", ["\xc3\xbc.example"]],
  ["Host with a broken escape", ["x%y.z:1"]],
  ["Host with a port that is none", ["localhost:99999"]],
  ["Host of one letter", ["a"]],
  ["two Hosts", ["localhost", "localhost"]],
  ["an empty Host and another", ["", "localhost"]],
  ["a Host and an empty one", ["localhost", ""]],
];

/** Spellings of a path that some router takes for the same. */
const spellings = (path: string): [string, string][] => [
  ["a double slash before", `/${path}`],
  ["a double slash within", path.replace(/(.)\//, "$1//")],
  ["%2f", path.replace(/(.)\//, "$1%2f")],
  ["%2F before", `/%2F${path.slice(1)}`],
  ["%2e", `/%2e${path}`],
  ["%2e%2e", `/x/%2e%2e${path}`],
  ["..", `/x/..${path}`],
  [";", `${path};x`],
  ["; within", path.replace(/^\/(\w+)/, "/$1;x")],
  ["an escaped letter", path.replace(/^\/(.)/, (_, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`)],
  ["capitals", path.toUpperCase()],
  ["a slash at the end", `${path}/`],
  ["a segment before", `/any${path}`],
  ["a backslash", path.replaceAll("/", "\\").replace(/^\\/, "/")],
];

const requestOf = (line: string, lines: readonly string[], body = "{}"): string =>
  `${[line, ...lines, "Connection: close", "Content-Type: application/json", `Content-Length: ${body.length}`].join("\r\n")}\r\n\r\n${body}`;

/**
 * Every known way to request a route so that a guard and a router may see different things: odd and
 * missing hosts, the absolute form, an older version of HTTP, odd spellings of the path, alone and
 * combined.
 */
export function hostileRequests({ method, path }: { method: string; path: string }): HostileRequest[] {
  const hostLines = (values: readonly string[]): string[] => values.map((value) => `Host: ${value}`);
  const make = (hides: string, target: string, values: readonly string[], version = "1.1"): HostileRequest => ({
    hides: `${method} ${target} HTTP/${version}: ${hides}`,
    bytes: requestOf(`${method} ${target} HTTP/${version}`, hostLines(values)),
  });
  return [
    make("nothing", path, ["localhost"]),
    ...hosts.map(([hides, values]) => make(hides, path, values)),
    ...hosts.map(([hides, values]) => make(`${hides}, HTTP/1.0`, path, values, "1.0")),
    ...spellings(path).flatMap(([hides, target]) => [
      make(hides, target, ["localhost"]),
      make(`${hides}, an empty Host`, target, [""]),
      make(`${hides}, Host of one letter`, target, ["a"]),
      make(`${hides}, HTTP/1.0 without Host`, target, [], "1.0"),
    ]),
    make("absolute form", `http://localhost${path}`, ["localhost"]),
    make("absolute form of another host", `http://other.example${path}`, ["localhost"]),
    make("absolute form of a short host", `http://a${path}`, ["a"]),
    make("absolute form, empty Host", `http://localhost${path}`, [""]),
    make("absolute form without Host, HTTP/1.0", `http://localhost${path}`, [], "1.0"),
    make("absolute form with https", `https://localhost${path}`, ["localhost"]),
    make("absolute form with a user", `http://user@localhost${path}`, ["localhost"]),
  ];
}
