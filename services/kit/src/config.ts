import { readFileSync } from "node:fs";
import type { BlockList } from "node:net";
import { subscriptions } from "@carillon/contracts/catalog";
import { type Topic, topics } from "@carillon/contracts/names";
import { nameVariables, type PlatformNames, topicAt, usualNames } from "@carillon/contracts/platform-names";
import { parseNetworks } from "./service/client-address.ts";

/** A setting that is missing or wrong; the message is one sentence that names the variable. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

export type Environment = Record<string, string | undefined>;

/** Reads one variable: takes its raw text (undefined when unset or empty) and returns the value, or throws a ConfigError. */
export type Setting<Value> = (name: string, raw: string | undefined) => Value;

type Values<Settings extends Record<string, Setting<unknown>>> = { [Key in keyof Settings]: ReturnType<Settings[Key]> };

/**
 * The environment as typed values. `NAME_FILE` names a file that holds NAME's value (mounted secrets); setting both is an error.
 * @throws ConfigError with one sentence about the first wrong variable.
 */
export function readConfig<Settings extends Record<string, Setting<unknown>>>(
  environment: Environment,
  settings: Settings,
): Values<Settings> {
  const values = Object.entries(settings).map(([name, setting]) => {
    const raw = rawValue(environment, name);
    if (raw?.includes(published) && environment.LAPTOP_ONLY !== "yes")
      throw new ConfigError(`${name} holds a value that compose.yaml makes public; set one of your own.`);
    return [name, setting(name, raw)];
  });
  // Sound: the entries are exactly the settings' keys with their settings' results.
  return Object.fromEntries(values) as Values<Settings>;
}

/** Part of every secret and password that compose.yaml has for a laptop, together with `LAPTOP_ONLY=yes`. */
const published = "laptop-only";

function rawValue(environment: Environment, name: string): string | undefined {
  const direct = environment[name] || undefined;
  const file = environment[`${name}_FILE`] || undefined;
  if (!file) return direct;
  if (direct) throw new ConfigError(`${name} and ${name}_FILE are both set; keep one of them.`);
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    throw new ConfigError(`${name}_FILE names ${file}, which cannot be read.`);
  }
}

function required(name: string, raw: string | undefined): string {
  if (raw === undefined) throw new ConfigError(`${name} is not set.`);
  return raw;
}

export const text =
  (fallback?: string): Setting<string> =>
  (name, raw) =>
    raw ?? fallback ?? required(name, raw);

/** What another setting reads, or null when the variable is unset. */
export const unless =
  <Value>(setting: Setting<Value>): Setting<Value | null> =>
  (name, raw) =>
    raw === undefined ? null : setting(name, raw);

export const optional: Setting<string | null> = (_name, raw) => raw ?? null;

export const integer =
  ({ min, max, fallback }: { min: number; max: number; fallback?: number }): Setting<number> =>
  (name, raw) => {
    if (raw === undefined && fallback !== undefined) return fallback;
    const value = /^-?\d{1,12}$/.test(required(name, raw)) ? Number(raw) : Number.NaN;
    if (!(value >= min && value <= max))
      throw new ConfigError(`${name} is "${raw}"; it must be a whole number from ${min} to ${max}.`);
    return value;
  };

export const port = (fallback: number): Setting<number> => integer({ min: 0, max: 65_535, fallback });

export const oneOf =
  <Choice extends string>(choices: readonly Choice[], fallback: Choice): Setting<Choice> =>
  (name, raw) => {
    const value = (raw ?? fallback).toLowerCase();
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw new ConfigError(`${name} is "${raw}"; it must be one of ${choices.join(", ")}.`);
    return found;
  };

/** A secret of at least `min` characters that is not a repetition; its value is never part of the message. */
export const secret =
  ({ min }: { min: number }): Setting<string> =>
  (name, raw) => {
    const value = required(name, raw);
    if (value.length < min)
      throw new ConfigError(`${name} is too weak: it has ${value.length} characters and needs at least ${min}.`);
    if (repeatsItself(value))
      throw new ConfigError(`${name} is too weak: it repeats itself; make one with "openssl rand -hex 32".`);
    return value;
  };

/** True for a text of fewer than five different characters, or a repetition of one part. */
function repeatsItself(value: string): boolean {
  if (new Set(value).size < 5) return true;
  // A text found within its own double, elsewhere than at the ends, is a repetition.
  return `${value}${value}`.indexOf(value, 1) < value.length;
}

export const httpUrl =
  (fallback?: string): Setting<URL> =>
  (name, raw) => {
    const value = raw ?? fallback ?? required(name, raw);
    const url = URL.canParse(value) ? new URL(value) : null;
    if (!url || !["http:", "https:"].includes(url.protocol))
      throw new ConfigError(`${name} is "${value}"; it must be an http(s) address.`);
    return url;
  };

/** A neighbour's address: scheme, host and port. A path would be ignored in calls, so it is rejected. */
export const httpOrigin =
  (fallback?: string): Setting<URL> =>
  (name, raw) => {
    const url = httpUrl(fallback)(name, raw);
    if (url.href !== `${url.origin}/`)
      throw new ConfigError(`${name} is "${raw}"; it must be an address without a path, such as http://api:8000.`);
    return url;
  };

/** A neighbour's internal door by default: beside its public one, on the usual internal port. */
export function besides(open: URL, internalPort: number): URL {
  const url = new URL(open);
  url.port = String(internalPort);
  return url;
}

/** A comma list of origins, each as a browser writes it; empty when unset. */
export const origins: Setting<string[]> = (name, raw) => {
  const all = list(name, raw);
  const wrong = all.find((one) => !/^https?:/.test(one) || !URL.canParse(one) || new URL(one).origin !== one);
  if (wrong !== undefined)
    throw new ConfigError(`${name} names "${wrong}"; it must be an origin such as https://app.example.com.`);
  return all;
};

export const postgresUrl: Setting<string> = (name, raw) => {
  const value = required(name, raw);
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new ConfigError(`${name} must look like postgres://user:password@host:5432/database.`);
  }
  return value;
};

/** A comma list; empty when unset. */
export const list: Setting<string[]> = (_name, raw) =>
  (raw ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);

/** A comma list of addresses and networks (CIDR); none when unset. */
export const networks: Setting<BlockList> = (name, raw) => {
  const parsed = parseNetworks(list(name, raw));
  if ("networks" in parsed) return parsed.networks;
  throw new ConfigError(`${name} names "${parsed.wrong}"; it must be an address or a network such as 10.0.0.0/8.`);
};

/** A name of a topic or component, as brokers and platforms accept it, with room for a dead-letter topic's suffix. */
export const platformName =
  (fallback: string): Setting<string> =>
  (name, raw) => {
    const value = raw ?? fallback;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(value))
      throw new ConfigError(
        `${name} is "${value}"; it must be letters, digits, dots, dashes and underscores, at most 200.`,
      );
    return value;
  };

type TopicVariable = (typeof nameVariables.topics)[Topic];
type NameVariable = "PUBSUB_NAME" | "STATE_STORE_NAME" | TopicVariable;

/** The platform's names for the product's components and topics: the same in every process that uses them. */
export const namesSettings: Record<NameVariable, Setting<string>> = {
  PUBSUB_NAME: platformName(usualNames.pubsub),
  STATE_STORE_NAME: platformName(usualNames.stateStore),
  ...ofTopics((topic) => [nameVariables.topics[topic], platformName(usualNames.topics[topic])]),
};

/** @throws ConfigError when two topics, or a topic and dead letters, have the same name. */
export function platformNames(values: Record<NameVariable, string>): PlatformNames {
  const names = {
    pubsub: values.PUBSUB_NAME,
    stateStore: values.STATE_STORE_NAME,
    topics: ofTopics((topic) => [topic, values[nameVariables.topics[topic]]]),
  };
  const all = [...topics, ...subscriptions.flatMap(({ deadLetter }) => deadLetter ?? [])];
  if (new Set(all.map((topic) => topicAt(names, topic))).size < all.length) {
    const variables = topics.map((topic) => nameVariables.topics[topic]);
    throw new ConfigError(`${variables.slice(0, -1).join(", ")} and ${variables.at(-1)} must name different topics.`);
  }
  return names;
}

/** One entry for each topic of the catalogue. */
function ofTopics<Key extends string, Value>(entry: (topic: Topic) => [Key, Value]): Record<Key, Value> {
  // Sound: `Key` is a name per topic, and each topic has its entry.
  return Object.fromEntries(topics.map(entry)) as Record<Key, Value>;
}

/** How to reach the sidecar of this process, for services that have one. */
export const sidecarSettings = {
  DAPR_HTTP_PORT: integer({ min: 1, max: 65_535, fallback: 3_500 }),
  /** The token this service presents to its sidecar; empty: the sidecar requires none. */
  DAPR_API_TOKEN: ((name, raw) => (raw === undefined ? "" : secret({ min: 16 })(name, raw))) satisfies Setting<string>,
};
