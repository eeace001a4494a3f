import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../packages/http/src/testing/server-process.ts';
import { publishSample } from '../../../services/model/src/testing/sample-model.ts';
import { ChaosProxy } from './chaos-proxy.ts';
import { exchange, type Known, Load } from './load.ts';
import { ServiceProcess, type Started } from './process.ts';

/** The longest time that gateways of a stage have for a request. */
export const DEADLINE_MS = 2000;

const CARDS = Array.from({ length: 20 }, (_, i) => `set${i % 4}_${i}_card_é`);
const DAYS = 30;

/** How a further gateway is started. */
export interface GatewayOptions extends Partial<Pick<Started, 'preload' | 'descriptors'>> {
  readonly model: string;
  readonly decision: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Real processes of all three services: two of the model service, two of the decision service, and gateways in front of
 * one each, of both each, and of one each behind a proxy that can spoil answers.
 */
export class Stage {
  readonly root = mkdtempSync(join(tmpdir(), 'pokewatch-faults-'));
  readonly models: ServiceProcess[] = [];
  readonly decisions: ServiceProcess[] = [];
  readonly #processes: ServiceProcess[] = [];
  readonly #proxies: ChaosProxy[] = [];
  /** Requests with the answers that they got when nothing was wrong. */
  known: readonly Known[] = [];
  /** In front of one model and one decision service. */
  single!: ServiceProcess;
  /** In front of two of each. */
  pairs!: ServiceProcess;
  /** In front of proxies to one of each. */
  proxied!: ServiceProcess;
  model_proxy!: ChaosProxy;
  decision_proxy!: ChaosProxy;

  static async create(): Promise<Stage> {
    const stage = new Stage();
    try {
      await stage.#start();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async #start(): Promise<void> {
    await this.publish('v1');
    for (const service of ['model', 'model', 'decision', 'decision'] as const)
      (service === 'model' ? this.models : this.decisions).push(await this.#process({ service }));
    const [model, model_2] = this.models as [ServiceProcess, ServiceProcess];
    const [decision, decision_2] = this.decisions as [ServiceProcess, ServiceProcess];
    this.model_proxy = await this.proxy(model.port);
    this.decision_proxy = await this.proxy(decision.port);
    this.single = await this.gateway({ model: model.url, decision: decision.url });
    this.pairs = await this.gateway({
      model: `${model.url},${model_2.url}`,
      decision: `${decision.url},${decision_2.url}`,
    });
    this.proxied = await this.gateway({ model: this.model_proxy.url, decision: this.decision_proxy.url });
    this.known = await this.knownAnswers(this.single.url);
  }

  /** Publishes a model version and makes it the champion; `factor` changes all its fair prices. */
  async publish(version: string, factor = 1): Promise<void> {
    await publishSample(this.root, { version, cards: CARDS, days: DAYS, factor });
  }

  /** Publishes a model version, lets `change` have its folder, and only then makes it the champion. */
  async prepare(version: string, factor: number, change: (folder: string) => void): Promise<void> {
    const pointer = join(this.root, 'models', 'champion.json');
    const aside = mkdtempSync(join(tmpdir(), 'pokewatch-aside-'));
    try {
      await publishSample(aside, { version, cards: CARDS, days: DAYS, factor });
      change(join(aside, 'models', version));
      cpSync(join(aside, 'models', version), join(this.root, 'models', version), { recursive: true });
      writeFileSync(`${pointer}.new`, readFileSync(join(aside, 'models', 'champion.json')));
      renameSync(`${pointer}.new`, pointer);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }

  async #process(started: Omit<Started, 'port' | 'cwd' | 'env'> & { env?: Started['env'] }): Promise<ServiceProcess> {
    const made = new ServiceProcess({
      ...started,
      port: await freePort(),
      cwd: this.root,
      env: { POKEWATCH_DATA: this.root, POKEWATCH_RELOAD_POLL_MS: '300', LOG_LEVEL: 'info', ...started.env },
    });
    this.#processes.push(made);
    await made.start();
    return made;
  }

  /** Starts one more gateway. */
  gateway({ model, decision, env, ...how }: GatewayOptions): Promise<ServiceProcess> {
    const urls = { MODEL_SERVICE_URL: model, DECISION_SERVICE_URL: decision };
    const timeout = { POKEWATCH_PEER_TIMEOUT_MS: String(DEADLINE_MS) };
    return this.#process({ service: 'gateway', ...how, env: { ...urls, ...timeout, ...env } });
  }

  /** Starts one more model service. */
  model(env: Started['env'] = {}): Promise<ServiceProcess> {
    return this.#process({ service: 'model', env });
  }

  /** Starts one more proxy. */
  async proxy(port: number): Promise<ChaosProxy> {
    const proxy = await new ChaosProxy(port).start();
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Load of known requests on a gateway. */
  load(
    gateway: ServiceProcess,
    rate: number,
    { connections, also }: { readonly connections?: number | undefined; readonly also?: readonly Known[] } = {},
  ): Load {
    return new Load(gateway.url, this.known, connections, also).start(rate);
  }

  /** Answers of another version, which serves for a moment. */
  async knownOf(version: string, factor: number): Promise<readonly Known[]> {
    const model = this.models[0]!;
    const reload = () => fetch(`${model.url}/reload`, { method: 'POST' });
    await this.publish(version, factor);
    await reload();
    const known = await this.knownAnswers(this.single.url);
    await this.publish('v1');
    await reload();
    return known;
  }

  /** Asks every kind of request once and keeps what was answered. @throws when a gateway does not answer well */
  async knownAnswers(url: string): Promise<Known[]> {
    const dates = [undefined, '2026-04-20', '2026-04-18', '2026-04-19'];
    const singles = [...CARDS, 'nobody knows it'].flatMap((card_id) => dates.map((date) => ({ card_id, date })));
    const batches = [singles.slice(0, 30), singles.slice(60)];
    const known: Known[] = [];
    for (const [path, asked] of [
      ...singles.map((one) => ['/fair_price', one] as const),
      ...batches.map((batch) => ['/fair_price/batch', batch] as const),
    ]) {
      const body = JSON.stringify(asked);
      const { status, text } = await exchange(new URL(url), { path, body });
      if (status !== 200 && status !== 404) throw new Error(`${body} is answered with ${status} ${text}`);
      known.push({ path, body, status, answer: text });
    }
    return known;
  }

  /** Waits until a gateway answers as it should. */
  async well(gateway: ServiceProcess, within_ms = 10_000): Promise<void> {
    const known = this.known[0]!;
    for (const until = performance.now() + within_ms; performance.now() < until; await sleep(20)) {
      const answer = await exchange(new URL(gateway.url), known).catch(() => undefined);
      if (answer?.text === known.answer) return;
    }
    throw new Error(`a gateway is not well after ${within_ms} ms:\n${gateway.output.slice(-2000)}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.kill()));
    await Promise.all(this.#proxies.map((each) => each.close()));
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A port that nobody listens on. */
