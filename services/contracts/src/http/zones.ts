import { Type } from "@sinclair/typebox";

/**
 * `GET /internal/zones?newer_than=2026f` (neighbours that show or count dates → api): a `tzdata.zi`,
 * or 204 when there is no newer one.
 */
export const ZonesQuery = Type.Object({ newer_than: Type.String({ pattern: "^[0-9]{4}[a-z]{1,2}$" }) });
