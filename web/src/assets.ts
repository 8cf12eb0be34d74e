import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import htmx from "htmx.org/dist/htmx.min.js" with { type: "text" };
import acts from "../public/acts.js" with { type: "text" };
import appCss from "../public/app.css" with { type: "text" };
import autosave from "../public/autosave.js" with { type: "text" };
import bells from "../public/bells.js" with { type: "text" };
import chat from "../public/chat.js" with { type: "text" };
import draft from "../public/draft.js" with { type: "text" };
import factors from "../public/factors.js" with { type: "text" };
import favicon from "../public/favicon.svg" with { type: "text" };
import appleTouchIcon from "../public/icons/apple-touch-icon.png" with { type: "file" };
import icon192 from "../public/icons/icon-192.png" with { type: "file" };
import icon512 from "../public/icons/icon-512.png" with { type: "file" };
import maskable512 from "../public/icons/maskable-512.png" with { type: "file" };
import keys from "../public/keys.js" with { type: "text" };
import live from "../public/live.js" with { type: "text" };
import month from "../public/month.js" with { type: "text" };
import outbox from "../public/outbox.js" with { type: "text" };
import page from "../public/page.js" with { type: "text" };
import palette from "../public/palette.js" with { type: "text" };
import pane from "../public/pane.js" with { type: "text" };
import paste from "../public/paste.js" with { type: "text" };
import push from "../public/push.js" with { type: "text" };
import quickAdd from "../public/quick-add.js" with { type: "text" };
import select from "../public/select.js" with { type: "text" };
import settings from "../public/settings.js" with { type: "text" };
import worker from "../public/worker.js" with { type: "text" };
import { respond } from "./door/respond.ts";

/** `zipped` is null for what is packed already. */
type Asset = {
  url: string;
  type: string;
  plain: Uint8Array<ArrayBuffer>;
  zipped: Uint8Array<ArrayBuffer> | null;
};

/** One file of several scripts, each with names of its own; what they share hangs on `carillon`. */
function together(scripts: readonly string[]): string {
  return ['"use strict";', ...scripts.map((script) => `{\n${withoutComments(script)}}`)].join("\n");
}

/** Lines that are nothing but a comment are for readers of the source: a fifth of what would cross the line. */
const withoutComments = (script: string): string => script.replace(/^[ \t]*(\/\/.*|\/\*\*.*\*\/[ \t]*)\n/gm, "");

/** Drawings of `favicon.svg`, for phones, which put no SVG on their screens. Their paths are beside this file once it is built. */
const pictures = {
  "apple-touch-icon.png": picture("apple-touch-icon.png", appleTouchIcon),
  "icon-192.png": picture("icon-192.png", icon192),
  "icon-512.png": picture("icon-512.png", icon512),
  "maskable-512.png": picture("maskable-512.png", maskable512),
};

function picture(name: string, path: string): Asset {
  const plain = new Uint8Array(readFileSync(resolve(import.meta.dir, path)));
  return { url: addressOf(name, plain), type: "image/png", plain, zipped: null };
}

/** What a device needs to keep the pages as an app: the drawing for every size, and the pictures by which phones install it. */
const manifest = JSON.stringify({
  name: "Carillon",
  short_name: "Carillon",
  description: "Tasks that ring on time.",
  id: "/",
  start_url: "/today",
  scope: "/",
  display: "standalone",
  background_color: "#faf9f6",
  theme_color: "#0e6259",
  icons: [
    { src: "/favicon.ico", sizes: "any", type: "image/svg+xml", purpose: "any" },
    { src: pictures["icon-192.png"].url, sizes: "192x192", type: "image/png", purpose: "any" },
    { src: pictures["icon-512.png"].url, sizes: "512x512", type: "image/png", purpose: "any" },
    { src: pictures["maskable-512.png"].url, sizes: "512x512", type: "image/png", purpose: "maskable" },
  ],
  shortcuts: [
    { name: "Add a task", url: "/today#new-title" },
    { name: "Upcoming", url: "/upcoming" },
  ],
});

/** Imported as text, so that a compiled program contains them and nothing is read from disk while serving. */
const sources = {
  "app.css": { text: appCss, type: "text/css; charset=utf-8" },
  "htmx.js": { text: htmx, type: "text/javascript; charset=utf-8" },
  "page.js": {
    text: together([
      page,
      acts,
      outbox,
      keys,
      select,
      palette,
      autosave,
      pane,
      quickAdd,
      settings,
      draft,
      paste,
      month,
      bells,
      live,
      chat,
      factors,
      push,
    ]),
    type: "text/javascript; charset=utf-8",
  },
  "favicon.svg": { text: favicon, type: "image/svg+xml" },
  "manifest.webmanifest": { text: manifest, type: "application/manifest+json" },
  "ringing.svg": {
    text: favicon.replace("</svg>", '<circle cx="26" cy="6" r="6" fill="#c8321f"/></svg>'),
    type: "image/svg+xml",
  },
} as const;

export type AssetName = keyof typeof sources | keyof typeof pictures;

const assets = new Map<string, Asset>([
  ...Object.entries(sources).map(([name, { text, type }]): [string, Asset] => [name, prepare(name, text, type)]),
  ...Object.entries(pictures),
]);

function prepare(name: string, text: string, type: string): Asset {
  const plain = new TextEncoder().encode(text);
  return { url: addressOf(name, plain), type, plain, zipped: new Uint8Array(gzipSync(plain, { level: 9 })) };
}

function addressOf(name: string, bytes: Uint8Array): string {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return `/assets/${name.replace(".", `.${hash}.`)}`;
}

/** The address of a file, with its content's hash in it: a changed file has another address. */
export const assetUrl = (name: AssetName): string => assets.get(name)?.url ?? "";

/** The files without which a page does not look or work as it should. */
const ownFiles: readonly AssetName[] = [
  "app.css",
  "htmx.js",
  "page.js",
  "favicon.svg",
  "ringing.svg",
  "manifest.webmanifest",
];

/** The service worker has one fixed address, and its content changes with the files. */
const workerFile = prepare(
  "worker.js",
  [
    '"use strict";',
    `const files = ${JSON.stringify(ownFiles.map(assetUrl))};`,
    `const icon = "${assetUrl("icon-192.png")}";`,
    `const release = "${createHash("sha256").update(ownFiles.map(assetUrl).join()).digest("hex").slice(0, 12)}";`,
    worker,
  ].join("\n"),
  "text/javascript; charset=utf-8",
);

const byUrl = new Map([...assets.values()].map((asset) => [asset.url, asset]));
byUrl.set("/worker.js", workerFile);
const icon = assets.get("favicon.svg");
if (icon) byUrl.set("/favicon.ico", icon);

const cacheControl: Record<string, string> = {
  "/favicon.ico": "public, max-age=86400",
  "/worker.js": "no-cache",
};

/** The file behind such an address, cacheable for a year; null for any other path. */
export function serveAsset(request: Request): Response | null {
  const { pathname } = new URL(request.url);
  const asset = byUrl.get(pathname);
  if (!asset) return null;
  const zipped = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "") ? asset.zipped : null;
  return respond(zipped ?? asset.plain, {
    headers: {
      "content-type": asset.type,
      "cache-control": cacheControl[pathname] ?? "public, max-age=31536000, immutable",
      vary: "Accept-Encoding",
      ...(zipped ? { "content-encoding": "gzip" } : {}),
    },
  });
}
