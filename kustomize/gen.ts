/** Writes the network policies that follow from the catalogue, Dapr's files, the settings and the routes. Part of `npm run gen`. */
import { join } from "node:path";
import { kustomizeFolder } from "./src/files.ts";
import { networkPolicies, readEdges } from "./src/network-edges.ts";
import { settingsOf } from "./src/service-settings.ts";

await Bun.write(
  join(kustomizeFolder, "components/network-policies/generated/services.yaml"),
  networkPolicies(readEdges(settingsOf)),
);
