/** Services that run. */
export interface Serving {
  /** Resolves when one of them has died by itself, with a sentence on it; never otherwise. */
  readonly died: Promise<string>;
  /** Ends them all within 5 s. */
  stop(): Promise<void>;
}

/** Time from the request to stop until the others stop too; until then the gateway can finish what it asks them. */
export const GATEWAY_FIRST_MS = 2500;
/** Time from the request to stop until whatever still runs is ended by force. */
export const FORCE_MS = 4500;

/** Where each service can be asked, by its name. */
export type Urls = Readonly<Record<'gateway' | 'model' | 'decision', string>>;
