/** True while a process runs. A process that has ended and was not waited for yet does not. */
export function isRunning(pid: number): boolean {
  const asked = Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)]);
  return /^[^Z]/.test(asked.stdout.toString().trim());
}
