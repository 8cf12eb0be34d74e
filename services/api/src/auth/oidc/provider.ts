/** What one sign-in is bound to; the provider sends the first two back, the last proves who started it (RFC 7636). */
export type FlowSecrets = { state: string; nonce: string; verifier: string };

/** A person as the provider has proven them. */
export type ProvenPerson = {
  /** The provider, as its tokens name it. */
  issuer: string;
  /** By which the provider always knows the person. */
  subject: string;
  /** Null where the provider does not say that it has proven one. */
  email: string | null;
  name: string;
  timeZone: string | null;
  /** When the person last showed the provider a password or factor; null where it does not say. */
  authenticatedAt: Date | null;
};

/** An OpenID provider that people sign in with. */
export type Provider = {
  /** As buttons name it. */
  name: string;
  issuer: string;
  /** The one address at which it answers, registered there to the letter. */
  redirectUri: string;
  /** The provider's page, for the browser. @throws ProviderAway, ProviderRefused. */
  pageFor(secrets: FlowSecrets, options: { again: boolean }): Promise<URL>;
  /** The person behind the answer that came to `callbackUrl`. @throws ProviderAway, ProviderRefused. */
  personOf(callbackUrl: string, secrets: FlowSecrets, options: { again: boolean }): Promise<ProvenPerson>;
};

/** The provider does not answer, or not in time, or with too much. */
export class ProviderAway extends Error {
  override name = "ProviderAway";
}

/** The provider's answer is not one to this question, or not one of this provider. `reason`: a code, which holds nothing secret. */
export class ProviderRefused extends Error {
  override name = "ProviderRefused";
  readonly reason: string;
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(reason, options);
    this.reason = reason;
  }
}
