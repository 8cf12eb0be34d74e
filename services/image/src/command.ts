/** What a command printed. @throws Error with what it said on standard error. */
export function mustRun(command: readonly string[], stdin?: Uint8Array): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], { stdin: stdin ?? null, stderr: "pipe" });
  if (exitCode !== 0) {
    const said = `${stderr.toString()}${stdout.toString()}`.trim().split("\n").slice(-15).join("\n");
    throw new Error(`${command.slice(0, 3).join(" ")} … ended with ${exitCode}: ${said}`);
  }
  return stdout.toString();
}
