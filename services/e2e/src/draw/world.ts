import type { Server } from "@carillon/host/postgres";
import type { Sql } from "postgres";
import type { Person } from "../client.ts";
import type { Random } from "../crawl/random.ts";
import type { DaprProduct } from "../dapr-product.ts";
import type { Load } from "../load.ts";
import type { Product } from "../product.ts";
import type { Way } from "./proxy.ts";

/** An outbox row that nothing can read, and when it was written. */
export type Poison = { eventId: string; userId: string };

export type World = {
  product: Product;
  /** The same product where it runs on Dapr. */
  dapr: DaprProduct | null;
  proxy: Way;
  database: {
    server: Server;
    /** Where its files are. */
    folder: string;
    /** Starts it again on its port where it has ended. */
    start(): Promise<void>;
    /** Its disk has a size of its own, and can be filled. */
    hasOwnDisk: boolean;
  };
  /** The superuser's own way to the tables, past the proxy. */
  withTables<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  load: Load;
  /** Accounts with much to read. */
  readers: Person[];
  random: Random;
  poisons: Poison[];
  /** What was seen on the way that must not be. */
  objections: string[];
  /** Makes the product's clock wrong from now on, or only that of the processes whose path contains `program`. */
  setClockWrongBy(ms: number, program?: string): void;
};

/** What callers may get while a fault lasts and for five seconds more: nothing unusual, 503, or no answer at all. */
export type Harm = "none" | "503" | "silence";

/** Programs that work for root only, and a disk that can be filled. */
export type Need = "ss" | "prlimit" | "own disk";

export type Fault = {
  name: string;
  harm: Harm;
  /** Ends the product's process, so that what it has lost of memory and sockets is no longer seen. */
  endsProduct?: true;
  on?: "embedded" | "dapr";
  /** What this machine must have, or let us do, for it. */
  needs?: Need;
  /** Breaks something, and resolves when it is whole again. */
  run(world: World): Promise<void>;
};
