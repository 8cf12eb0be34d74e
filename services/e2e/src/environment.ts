export const isReady = (address: string): Promise<boolean> =>
  fetch(`${address}/health/ready`).then(
    (response) => response.ok,
    () => false,
  );

/** The environment without anything that would affect the product. */
export function cleanEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "", TMPDIR, USER = "" } = process.env;
  return { PATH, HOME, USER, TZ: "UTC", ...(TMPDIR ? { TMPDIR } : {}) };
}
