/**
 * `PUBSUB_NAME=… TASK_EVENTS_TOPIC=… bun kustomize/names.ts > <overlay>/names/kustomization.yaml`: writes a component for overlays of
 * platforms with other names for components and topics.
 */
import { ConfigError, namesSettings, platformNames, readConfig } from "@carillon/kit/config";
import { namesComponent } from "./src/names-component.ts";

try {
  process.stdout.write(namesComponent(platformNames(readConfig(Bun.env, namesSettings))));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
