/**
 * `PUBSUB_NAME=… TASK_EVENTS_TOPIC=… bun kustomize/names.ts > <overlay>/names/kustomization.yaml`: what an overlay takes among its
 * `components` where the platform has other names for components and topics.
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
