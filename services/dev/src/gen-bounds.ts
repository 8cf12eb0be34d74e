import { boundsPage, pageFile } from "./bounds/page.ts";

await Bun.write(pageFile, boundsPage());
