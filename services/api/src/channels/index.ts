import type { InternalRoute } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { createChannelRoute } from "./create-channel.ts";
import { deleteChannelRoute } from "./delete-channel.ts";
import { listDeliveriesRoute } from "./deliveries.ts";
import { listChannelsRoute } from "./list-channels.ts";
import { noteSendsRoute } from "./note-sends.ts";
import { resendDeliveryRoute } from "./resend-delivery.ts";
import { rotateSecretRoute } from "./rotate-secret.ts";
import { takeSendsRoute } from "./take-sends.ts";
import { testChannelRoute } from "./test-channel.ts";

export { sweepChannels } from "./sweep-channels.ts";

/** Where a user's reminders go besides mail, and what hears of changes. */
export const channelRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "channels" })
    .use(listChannelsRoute(deps))
    .use(createChannelRoute(deps))
    .use(deleteChannelRoute(deps))
    .use(testChannelRoute(deps))
    .use(listDeliveriesRoute(deps))
    .use(rotateSecretRoute(deps))
    .use(resendDeliveryRoute(deps));

export const channelInternals = (deps: ApiDeps): InternalRoute[] => [takeSendsRoute(deps), noteSendsRoute(deps)];
