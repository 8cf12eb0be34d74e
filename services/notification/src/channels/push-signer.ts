export type PushSigner = { publicKey: string };
