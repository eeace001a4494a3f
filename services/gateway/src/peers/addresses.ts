import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** How often names are looked up. */
const LOOK_UP_MS = 1000;

/** Finds all addresses of a host name. @throws when there is none */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** All addresses that the system knows of a name, now. */
const systemLookUp: LookUp = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Follows the addresses of a service: its URLs, and for each URL with a name every address of the name. Names are looked
 * up every second; while that fails the addresses stay. Where TLS is spoken a name stays a name, for the certificate.
 */
export class Addresses {
  readonly #urls: readonly URL[];
  readonly #lookUp: LookUp;
  readonly #onChange: (urls: readonly string[]) => void;
  readonly #found = new Map<URL, readonly string[]>();
  readonly #timer: NodeJS.Timeout | undefined;

  /** `onChange` is told the addresses at once, and again whenever they change. */
  constructor(urls: readonly string[], onChange: (urls: readonly string[]) => void, lookUp: LookUp = systemLookUp) {
    this.#urls = urls.map((url) => new URL(url));
    this.#lookUp = lookUp;
    this.#onChange = onChange;
    for (const url of this.#urls) this.#found.set(url, [url.href]);
    this.#tell();
    const named = this.#urls.filter(({ protocol, hostname }) => protocol === 'http:' && !isAddress(hostname));
    if (named.length === 0) return;
    const look = () => named.forEach((url) => void this.#look(url));
    look();
    this.#timer = setInterval(look, LOOK_UP_MS).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #look(url: URL): Promise<void> {
    try {
      const found = (await this.#lookUp(url.hostname)).map((address) => withHost(url, address)).sort();
      if (found.length === 0 || found.join() === this.#found.get(url)?.join()) return;
      this.#found.set(url, found);
      this.#tell();
    } catch {
      // The addresses that were known stay: they may still answer.
    }
  }

  #tell(): void {
    this.#onChange([...new Set([...this.#found.values()].flat())]);
  }
}

function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function withHost(url: URL, address: string): string {
  const changed = new URL(url);
  changed.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return changed.href;
}
