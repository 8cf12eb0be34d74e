import { expect, test } from "bun:test";
import { alarmNameOf, planOfAlarm } from "./plan.ts";

const reminderId = "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77";

test("an alarm's name leads back to its plan", () => {
  expect(alarmNameOf({ reminderId, generation: 12 })).toBe(`rem-${reminderId}-12`);
  expect(planOfAlarm(`rem-${reminderId}-12`)).toEqual({ reminderId, generation: 12 });
});

test.each(["", "rem", `rem-${reminderId}`, `rem-${reminderId}-0`, `rem-${reminderId}-01`, `rem-${reminderId}-x`])(
  "%p is not an alarm name of ours",
  (name) => {
    expect(planOfAlarm(name)).toBeNull();
  },
);

test("nor is a name with a prefix, a suffix or other capitals", () => {
  for (const name of [`x-rem-${reminderId}-1`, `rem-${reminderId}-1 `, `rem-${reminderId.toUpperCase()}-1`])
    expect(planOfAlarm(name)).toBeNull();
});
