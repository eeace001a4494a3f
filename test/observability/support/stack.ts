import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../packages/http/src/testing/index.ts';
import { ServiceProcess } from '../../faults/support/process.ts';
import { runCli } from '../../support/cli.ts';

const KEY = 'a-key-of-the-test-0123456789';
const HEADERS = { 'content-type': 'application/json', 'x-api-key': KEY };
const DAY_MS = 86_400_000;
const FIGURE = { value: 0.3, n: 1, lower: 0.2, upper: 0.4, interval: null, base_rate: 0.25 };

const withoutNulls = (of: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(of).filter(([, it]) => it !== null));

/** Real processes of all services, two of the model service, on models that the pipeline has trained on a simulated market. */
export class Stack {
  readonly root = mkdtempSync(join(tmpdir(), 'pokewatch-observability-'));
  readonly gateway: ServiceProcess;
  readonly models: readonly [ServiceProcess, ServiceProcess];
  readonly decision: ServiceProcess;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(ports: readonly number[]) {
    const [gateway, model, model_2, decision] = ports as [number, number, number, number];
    const at = (port: number) => `http://127.0.0.1:${port}`;
    this.#env = {
      POKEWATCH_DATA: this.root,
      POKEWATCH_DEMO_DAYS: '120',
      POKEWATCH_BUY_THRESHOLD_PCT: '0.03',
      POKEWATCH_SELL_THRESHOLD_PCT: '0.03',
      POKEWATCH_RELOAD_POLL_MS: '300',
      POKEWATCH_PEER_TIMEOUT_MS: '3000',
      MODEL_SERVICE_URL: `${at(model)},${at(model_2)}`,
      DECISION_SERVICE_URL: at(decision),
      AUTH_ENABLED: 'true',
      API_KEYS: KEY,
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_RPM: '1000000',
      RATE_LIMIT_BURST: '1000000',
    };
    const service = (name: 'gateway' | 'model' | 'decision', port: number) =>
      new ServiceProcess({ service: name, port, cwd: this.root, env: this.#env });
    this.gateway = service('gateway', gateway);
    this.models = [service('model', model), service('model', model_2)];
    this.decision = service('decision', decision);
  }

  /** Trains twice, 35 days apart, so that calls are judged; then starts all services. */
  static async create(): Promise<Stack> {
    const stack = new Stack(await freePorts(4));
    await stack.pipeline(35);
    await stack.pipeline(1);
    await Promise.all([stack.gateway, ...stack.models, stack.decision].map((process) => process.start()));
    return stack;
  }

  /** Runs the whole pipeline as if it was so many days ago. @throws Error when it does not end well */
  async pipeline(days_ago: number): Promise<void> {
    const now = new Date(Date.now() - days_ago * DAY_MS).toISOString();
    const env = { ...this.#env, ...(days_ago === 0 ? {} : { POKEWATCH_NOW: now }) };
    const { code, out, err } = await runCli(['pipeline', 'run'], { cwd: this.root, env });
    if (code !== 0) throw new Error(`pipeline ended with ${code}:\n${out}\n${err}`);
    this.#fillFigures();
  }

  /** Gives figures that two publications are too few for some value, so that there is something to show of each. */
  #fillFigures(): void {
    for (const file of globSync('kpis/*.json', { cwd: this.root })) {
      const path = join(this.root, file);
      const filled = JSON.parse(readFileSync(path, 'utf8'), (_, value) =>
        value?.base_rate === undefined ? value : { ...FIGURE, ...withoutNulls(value) },
      );
      writeFileSync(path, JSON.stringify(filled));
    }
  }

  /** Asks the gateway. @returns the status */
  async ask(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const post =
      body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await fetch(this.gateway.url + path, { ...post, headers: { ...HEADERS, ...headers } });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** Ids of all cards. */
  async cards(): Promise<string[]> {
    const answer = await fetch(`${this.gateway.url}/cards`, { headers: HEADERS });
    return ((await answer.json()) as { cards: string[] }).cards;
  }

  /** Asks a replica of the model service to load the champion. @returns the status */
  async reload(model: ServiceProcess): Promise<number> {
    return (await fetch(`${model.url}/reload`, { method: 'POST', headers: { 'x-api-key': KEY } })).status;
  }

  async close(): Promise<void> {
    await Promise.all([this.gateway, ...this.models, this.decision].map((process) => process.kill()));
    rmSync(this.root, { recursive: true, force: true });
  }
}
