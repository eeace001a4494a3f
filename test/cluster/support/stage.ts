import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exchange, type Known, Load } from '../../faults/support/load.ts';
import type { Given } from './given.ts';
import { Kube, until } from './kube.ts';
import { removeS3 } from './s3-server.ts';

/** The release's name and namespace, as in README.md. */
const RELEASE = 'pokewatch';
const NAMESPACE = 'pokewatch';
/** Set on the namespaces that the suite makes, so that it never touches one that somebody else made. */
const MARK = 'pokewatch.io/test-suite';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CHART = `${ROOT}helm/pokewatch`;

/** A connection that is kept would lead to the pod of before, which answers until it has drained. */
const NEW_CONNECTIONS = new Agent({ keepAlive: false });

const CARD = 'sv2a_151_charizard_ex___201_165';
const ASKED_CARDS = 20;
const ANSWER_LIMIT_MS = 300_000;
const READY_LIMIT_MS = 300_000;
const GONE_LIMIT_MS = 300_000;

/** Values of the chart by their path: `gateway.replicas`. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** An answer of the gateway to one card. */
export interface Answer {
  readonly card_id: string;
  readonly fair_price: number;
  readonly model_version: string;
}

/** The cluster with PokeWatch on it, as far as it is installed: what all cases share. */
export class Stage {
  readonly given: Given;
  readonly kube = new Kube(NAMESPACE);
  #day = 0;

  constructor(given: Given) {
    this.given = given;
  }

  /** Makes the namespace, with the policy "restricted". @throws Error when there is one that somebody else made */
  async makeNamespace(): Promise<void> {
    const found = await this.kube.find(`namespace/${NAMESPACE}`);
    if (found !== undefined && found.metadata.labels?.[MARK] === undefined)
      throw new Error(`there is a namespace ${NAMESPACE} that this suite did not make; it would delete what is in it`);
    await this.removeNamespace();
    const labels = { [MARK]: 'yes', 'pod-security.kubernetes.io/enforce': 'restricted' };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } };
    // Not applied: `kubectl apply -k k8s/`, which has this namespace too, would take the mark away again.
    await this.kube.kubectl(['create', '--filename', '-'], JSON.stringify(namespace));
  }

  /** Deletes the namespace and all in it, if this suite made it. */
  async removeNamespace(): Promise<void> {
    const found = await this.kube.find(`namespace/${NAMESPACE}`);
    if (found?.metadata.labels?.[MARK] === undefined) return;
    await this.kube.tryKubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
    await this.endPods();
    await until('the namespace is gone', GONE_LIMIT_MS, async () =>
      (await this.kube.find(`namespace/${NAMESPACE}`)) === undefined ? true : undefined,
    );
  }

  /** Arguments that give helm the images of this run, what makes it quicker to try, and further values. */
  valueArgs(values: Values = {}): string[] {
    const all: Values = {
      'image.registry': this.given.registry,
      'image.tag': this.given.tag,
      'settings.POKEWATCH_DEMO_DAYS': 200,
      // Pods that start take both processors of a small machine for seconds; that is no lost request.
      'settings.POKEWATCH_PEER_TIMEOUT_MS': 8000,
      // So little that the load of one small machine, which runs everything else too, is enough for the autoscaler.
      'model.resources.requests.cpu': '40m',
      ...values,
    };
    return Object.entries(all).flatMap(([name, value]) => ['--set', `${name}=${String(value).replaceAll(',', '\\,')}`]);
  }

  /** `helm upgrade --install` with the suite's values and these; does not wait for pods. */
  async install(values: Values = {}): Promise<void> {
    await this.kube.helm(['upgrade', '--install', '--force-conflicts', RELEASE, CHART, ...this.valueArgs(values)]);
  }

  /** Waits until all pods of the three services are as the newest template says, and ready. */
  async rolledOut(limit_ms = READY_LIMIT_MS): Promise<void> {
    for (const name of ['api-gateway', 'model-service', 'decision-service'])
      await this.kube.kubectl(['rollout', 'status', `deployment/${name}`, `--timeout=${limit_ms / 1000}s`]);
  }

  /** Asks for the fair price of a card until there is one. */
  async answer(card = CARD, limit_ms = ANSWER_LIMIT_MS): Promise<Answer> {
    return until(
      `an answer of ${this.given.url}/fair_price`,
      limit_ms,
      async () => {
        const known = await this.ask(card);
        return known?.status === 200 ? (JSON.parse(known.answer) as Answer) : undefined;
      },
      100,
    );
  }

  /** Asks for the fair price of a card once; undefined when nobody answers. */
  async ask(card: string): Promise<Known | undefined> {
    const asked = { path: '/fair_price', body: JSON.stringify({ card_id: card }) };
    try {
      const { status, text } = await exchange(new URL(this.given.url), asked, NEW_CONNECTIONS);
      return { ...asked, status, answer: text };
    } catch {
      return undefined;
    }
  }

  /** Ids of all cards. */
  async cards(): Promise<readonly string[]> {
    return until('a list of cards', ANSWER_LIMIT_MS, async () => {
      const headers = { connection: 'close' };
      const answer = await fetch(`${this.given.url}/cards`, { headers }).catch(() => undefined);
      return answer?.ok ? ((await answer.json()) as { cards: string[] }).cards : undefined;
    });
  }

  /** Requests whose answers are known, byte for byte, over connections that are kept; not begun yet. */
  async load(): Promise<Load> {
    await this.answer();
    const cards = await this.cards();
    const known: Known[] = [];
    for (const card of cards.slice(0, ASKED_CARDS))
      known.push(
        await until(`an answer to ${card}`, ANSWER_LIMIT_MS, async () => {
          const one = await this.ask(card);
          return one?.status === 200 ? one : undefined;
        }),
      );
    return new Load(this.given.url, known, 50);
  }

  /** Pods of a part (`gateway`, `model`, `decision`, `pipeline`…) that are not being deleted, oldest first. */
  async pods(component: string) {
    const pods = await this.kube.list('pods', `app.kubernetes.io/component=${component}`);
    return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** The model version that each ready pod of the model service serves, by the pod's name. */
  async served(): Promise<Record<string, string>> {
    const pods = (await this.pods('model')).filter(isReady);
    const entries = pods.map(async ({ metadata }) => {
      const health = JSON.parse(await this.kube.askPod(metadata.name, 3000, '/health')) as { model_version: string };
      return [metadata.name, health.model_version] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Waits until every ready pod of the model service serves this version. */
  async allServe(version: string, limit_ms = 60_000): Promise<Record<string, string>> {
    return until(`every replica serves ${version}`, limit_ms, async () => {
      const served = await this.served();
      return Object.values(served).every((one) => one === version) ? served : undefined;
    });
  }

  /** A moment one day later than the one of the last call, so that the next collection has something to collect. */
  nextDay(): string {
    this.#day += 1;
    return `${new Date(Date.now() + this.#day * 86_400_000).toISOString().slice(0, 11)}03:00:00Z`;
  }

  /** Forgets all pods: nobody asks any more, so nobody waits until they have drained. */
  async endPods(): Promise<void> {
    await this.kube.tryKubectl(['delete', 'pods', '--all', '--grace-period=0', '--force', '--wait=false']);
    await until('all pods are gone', GONE_LIMIT_MS, async () =>
      (await this.kube.list('pods')).length === 0 ? true : undefined,
    );
  }

  /** Removes all that the suite made. */
  async close(): Promise<void> {
    await this.removeNamespace();
    await removeS3();
  }

  /** Prints the pods, newest events and Jobs, for whoever has to find out why a case does not hold. */
  async tell(): Promise<void> {
    for (const args of [
      ['get', 'pods,jobs', '--output', 'wide'],
      ['get', 'events', '--sort-by=.lastTimestamp'],
    ]) {
      const { out } = await this.kube.tryKubectl(args);
      console.log(out.split('\n').slice(-40).join('\n'));
    }
  }

  /** Waits. */
  wait(ms: number): Promise<void> {
    return sleep(ms);
  }
}

/** Whether a pod takes requests. */
export function isReady(pod: { readonly status: { conditions?: { type: string; status: string }[] } }): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
