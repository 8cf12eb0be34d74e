/** `npm run gen`: writes every generated file of the repository, one generator after the other. */
const makers = [
  "services/contracts/gen.ts",
  "services/api/gen.ts",
  "services/launch/dapr/gen.ts",
  "services/cli/gen.ts",
  "kustomize/gen.ts",
  "observability/gen.ts",
  "services/dev/src/gen-bounds.ts",
  "services/e2e/gen.ts",
  "services/dev/src/gen-migrations.ts",
];

for (const maker of makers) {
  const { exitCode } = Bun.spawnSync([process.execPath, maker], { stdout: "inherit", stderr: "inherit" });
  if (exitCode !== 0) process.exit(exitCode);
}
