/** One message on its way to one subscriber. `event` is the CloudEvent's JSON text. */
export type Due = { id: string; key: string; slot: number; attempts: number; eventId: string; event: string };
