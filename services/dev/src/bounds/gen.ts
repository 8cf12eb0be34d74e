import { boundsPage, pageFile } from "./page.ts";

await Bun.write(pageFile, boundsPage());
