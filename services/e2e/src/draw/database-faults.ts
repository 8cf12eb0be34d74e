import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@carillon/testing/until";
import { childrenOf } from "./processes-of.ts";
import type { Fault, World } from "./world.ts";

const few = (world: World): number => 2_000 + world.random.below(4_000);

/** Does something to the way to the database, and mends it a few seconds later. */
const onTheWay = (name: string, harm: Fault["harm"], work: (world: World) => unknown): Fault => ({
  name,
  harm,
  async run(world) {
    await work(world);
    await Bun.sleep(few(world));
    world.proxy.thaw();
  },
});

const abortMany = (world: World): void => {
  const filter = ["dst", "127.0.0.1", "dport", "=", `:${world.proxy.port}`];
  const { exitCode, stderr } = Bun.spawnSync(["ss", "-HK", ...filter]);
  if (exitCode !== 0) throw new Error(`ss cannot abort sockets: ${stderr}`);
};

export const wayFaults: Fault[] = [
  {
    name: "every socket to the database aborted by the kernel",
    harm: "503",
    needs: "ss",
    run: async (world) => abortMany(world),
  },
  {
    name: "every socket to the database aborted ten times in five seconds",
    harm: "503",
    needs: "ss",
    async run(world) {
      for (let times = 0; times < 10; times++) {
        abortMany(world);
        await Bun.sleep(500);
      }
    },
  },
  { name: "every connection to the database reset", harm: "503", run: async ({ proxy }) => void proxy.cut("reset") },
  { name: "every connection to the database ended", harm: "503", run: async ({ proxy }) => void proxy.cut("end") },
  onTheWay("connections to the database half open", "503", ({ proxy }) => proxy.freeze()),
  onTheWay("the database hears and does not answer", "503", ({ proxy }) => proxy.muteServer()),
  onTheWay("every piece to and from the database 150 ms late", "503", ({ proxy }) => proxy.slowDown(150)),
  {
    name: "the database does not answer, and then its connections are reset",
    harm: "503",
    async run(world) {
      world.proxy.muteServer();
      await Bun.sleep(few(world));
      world.proxy.cut("reset");
      world.proxy.thaw();
    },
  },
  {
    name: "the database refuses connections",
    harm: "503",
    async run(world) {
      await world.proxy.close();
      await Bun.sleep(few(world));
      await world.proxy.open();
    },
  },
];

/** Stops every process of the server in the middle of what it does. */
async function freezeServer({ database }: World, ms: number): Promise<void> {
  const pids = [database.server.pid, ...childrenOf(database.server.pid)];
  const tell = (signal: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended by itself.
      }
    }
  };
  tell("SIGSTOP");
  await Bun.sleep(ms);
  tell("SIGCONT");
}

function takeAllSpace(file: string): boolean {
  const { bavail, bsize } = statfsSync(file);
  return bavail === 0 || Bun.spawnSync(["fallocate", "-l", String(bavail * bsize), file]).exitCode === 0;
}

async function fillDisk({ database }: World, ms: number): Promise<void> {
  const ballast = join(database.folder, "..", "ballast");
  try {
    writeFileSync(ballast, "");
    // The database writes meanwhile: what was free a moment ago may be taken.
    for (let left = 20; !takeAllSpace(ballast); left--) if (left === 0) throw new Error("The disk cannot be filled.");
    await Bun.sleep(ms);
  } finally {
    if (existsSync(ballast)) rmSync(ballast);
  }
}

export const serverFaults: Fault[] = [
  {
    name: "PostgreSQL stopped and started",
    harm: "503",
    async run(world) {
      await world.database.server.stop();
      await Bun.sleep(few(world));
      await world.database.start();
    },
  },
  {
    name: "SIGKILL of PostgreSQL",
    harm: "503",
    async run(world) {
      process.kill(world.database.server.pid, "SIGKILL");
      await world.database.server.ended;
      await Bun.sleep(few(world) / 2);
      await world.database.start();
    },
  },
  {
    name: "SIGKILL of one backend",
    harm: "503",
    async run({ withTables, database }) {
      const [row] = await withTables(
        (sql) => sql<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = 'carillon' and pid <> pg_backend_pid() order by random() limit 1`,
      );
      if (row && childrenOf(database.server.pid).includes(row.pid)) process.kill(row.pid, "SIGKILL");
      await until(
        "the server has recovered",
        () => withTables(async (sql) => (await sql`select 1`).length === 1).catch(() => false),
        30_000,
      );
    },
  },
  { name: "PostgreSQL frozen", harm: "503", run: (world) => freezeServer(world, few(world)) },
  {
    name: "the database's disk full",
    harm: "503",
    needs: "own disk",
    async run(world) {
      await fillDisk(world, few(world));
      await world.database.start();
    },
  },
];
