import { pythonTool } from '../../support/tools.ts';

/** Shell commands that stop a part of the cluster, and bring it back. */
export interface Stoppable {
  readonly stop: string;
  readonly start: string;
}

/** A node of the cluster that may be lost. */
export interface LosableNode extends Stoppable {
  readonly name: string;
}

/** What the suite was given. */
export interface Given {
  /** What is missing to run at all, or undefined. */
  readonly missing: string | undefined;
  /** Registry (or prefix) and tag of the images. */
  readonly registry: string;
  readonly tag: string;
  /** Where the gateway's NodePort is reached. */
  readonly url: string;
  readonly node: LosableNode | undefined;
  readonly api: Stoppable | undefined;
  /** The program `airflow`. */
  readonly airflow: string | undefined;
  /** Whether what was seen is written into docs/cluster-suite.md. */
  readonly write: boolean;
  /** Whether the suite begins with what is installed, and leaves it, for whoever works on a case. */
  readonly keep: boolean;
}

/** Reads what the suite was given from the environment; docs/cluster-suite.md has the names. */
export function givenBy(env: Readonly<Record<string, string | undefined>>): Given {
  const name = env.POKEWATCH_TEST_NODE;
  const node = stoppable(env.POKEWATCH_TEST_NODE_STOP, env.POKEWATCH_TEST_NODE_START);
  return {
    missing: env.CLUSTER_TEST === 'yes' ? undefined : (env.CLUSTER_TEST_MISSING ?? 'a cluster: npm run cluster-test'),
    registry: env.CLUSTER_TEST_REGISTRY ?? 'localhost',
    tag: env.CLUSTER_TEST_TAG ?? 'test',
    url: env.CLUSTER_TEST_URL ?? 'http://127.0.0.1:30080',
    node: name && node ? { name, ...node } : undefined,
    api: stoppable(env.POKEWATCH_TEST_API_STOP, env.POKEWATCH_TEST_API_START),
    airflow: pythonTool('airflow', 'airflow'),
    write: env.CLUSTER_TEST_WRITE === 'yes',
    keep: env.CLUSTER_TEST_KEEP === 'yes',
  };
}

function stoppable(stop: string | undefined, start: string | undefined): Stoppable | undefined {
  return stop && start ? { stop, start } : undefined;
}
