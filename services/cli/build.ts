import { join } from "node:path";

/** The program as one file in `folder`, for machines of this kind. @throws Error with what the compiler said. */
export async function buildProgram(folder: string): Promise<string> {
  const file = join(folder, process.platform === "win32" ? "carillon.exe" : "carillon");
  const child = Bun.spawn(
    [
      process.execPath,
      "build",
      "--compile",
      "--minify-whitespace",
      "--minify-syntax",
      // Files of the folder in which it is called are not its configuration.
      "--no-compile-autoload-dotenv",
      "--no-compile-autoload-bunfig",
      join(import.meta.dir, "src/main.ts"),
      "--outfile",
      file,
    ],
    { stdout: "pipe", stderr: "pipe" },
  );
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`carillon cannot be compiled: ${out}${err}`);
  return file;
}
