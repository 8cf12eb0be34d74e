import type { Fault, World } from "./world.ts";

const few = (world: World): number => 2_000 + world.random.below(4_000);
const [minuteMs, hourMs] = [60_000, 3_600_000];

/** A clock becomes wrong, stays so for a while, and is right again. */
const skewed = (on: "embedded" | "dapr", name: string, skewsMs: readonly number[], program?: string): Fault => ({
  name,
  harm: "none",
  on,
  async run(world) {
    for (const skewMs of skewsMs) {
      world.setClockWrongBy(skewMs, program);
      await Bun.sleep(few(world));
      await expectSignedIn(world, name);
    }
    world.setClockWrongBy(0);
  },
});

/** What a clock that is ahead makes of a session that lives: it must not be over at any door. */
async function expectSignedIn({ product, load, objections }: World, what: string): Promise<void> {
  const token = load.people[0]?.token ?? "";
  const authorization = `Bearer ${token}`;
  const doors: [string, Record<string, string>][] = [
    [`${product.api}/api/auth/me`, { authorization }],
    [`${product.web}/settings`, { cookie: `carillon_session=${token}` }],
    [`${product.realtime}/stream`, { authorization }],
  ];
  for (const [address, headers] of doors) {
    const answer = await fetch(address, { headers, redirect: "manual", signal: AbortSignal.timeout(5_000) }).catch(
      () => null,
    );
    await answer?.body?.cancel();
    if (answer && [302, 303, 401].includes(answer.status))
      objections.push(`${what}: ${new URL(address).pathname} answered ${answer.status} to a session that lives`);
  }
}

const jump = [26 * hourMs, -26 * hourMs];

/** On Dapr one process's clock at a time: those of the others go on. */
export const clockFaults: Fault[] = [
  skewed("embedded", "the product's clock five minutes ahead", [5 * minuteMs]),
  skewed("embedded", "the product's clock five minutes behind", [-5 * minuteMs]),
  skewed("embedded", "the product's clock jumps by 26 hours and back", jump),
  ...["api", "notification", "realtime", "web"].map((name) =>
    skewed("dapr", `the clock of ${name} jumps by 26 hours and back`, jump, `/${name}/src/`),
  ),
  skewed("dapr", "the clock of api five minutes ahead and behind", [5 * minuteMs, -5 * minuteMs], "/api/src/"),
  skewed(
    "dapr",
    "the clock of notification five minutes ahead and behind",
    [5 * minuteMs, -5 * minuteMs],
    "/notification/src/",
  ),
];
