/** The product as a user runs it: only addresses, signals and its data folder are accessible. */
export type Product = {
  web: string;
  api: string;
  realtime: string;
  audit: string;
  dataDir: string;
  /** A service's `/metrics`, wherever that is in this mode. */
  figures(service: "web" | "api" | "realtime" | "recurring"): Promise<string>;
  /** The superuser's address of its database. */
  databaseUrl(): string;
  /** The environment with which the operator's command line finds this product. */
  opsEnvironment(): Record<string, string>;
  /** Process id of the product itself, not of its database. */
  pid(): number;
  /** Its output so far. */
  output(): string;
  /**
   * Ends it as a power cut would, without its database: nothing can finish. On Dapr the sidecars go with
   * their services.
   */
  kill(): Promise<void>;
  /** Asks it to stop; returns its exit code. */
  terminate(): Promise<number>;
  /** Resolves when it is up again after `kill` or `terminate`, on the same data and ports. */
  restart(): Promise<void>;
  /** Ends it and removes its data; one that all files share continues. */
  dispose(): Promise<void>;
};

export type ProductOptions = {
  env?: Record<string, string>;
  args?: string[];
  /** A file that the embedded product loads before its own. */
  preload?: string;
};
