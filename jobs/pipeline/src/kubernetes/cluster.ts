import {
  ApiException,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  createConfiguration,
  DiscoveryV1Api,
  IsomorphicFetchHttpLibrary,
  KubeConfig,
  type RequestContext,
  ServerConfiguration,
  Watch,
} from '@kubernetes/client-node';
import { backoff_ms, PokewatchError, pause, systemCode } from '@pokewatch/core';

/** A namespace of a cluster, with clients for what the pipeline needs there. */
export interface Cluster {
  readonly namespace: string;
  readonly server: string;
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
  readonly coordination: CoordinationV1Api;
  readonly discovery: DiscoveryV1Api;
  readonly watch: Watch;
}

/** One request; the library would wait for ever. */
const REQUEST_MS = 15_000;

/**
 * The cluster that a kubeconfig names: that of `file`, else KUBECONFIG, ~/.kube/config, or the pod's own account.
 * @throws bad_setting when there is none
 */
export function openCluster(given: { readonly file?: string; readonly namespace?: string }): Cluster {
  const config = new KubeConfig();
  try {
    if (given.file === undefined) config.loadFromDefault();
    else config.loadFromFile(given.file);
  } catch (cause) {
    throw new PokewatchError('bad_setting', 'the kubeconfig cannot be read', {
      hint: 'KUBECONFIG names its file.',
      cause,
    });
  }
  const cluster = config.getCurrentCluster();
  const context = config.getContextObject(config.getCurrentContext());
  if (
    cluster === null ||
    (given.file === undefined && context?.name === 'loaded-context' && context.cluster === 'cluster')
  )
    throw new PokewatchError('bad_setting', 'there is no cluster to run on', {
      hint: 'Run in a pod, set KUBECONFIG, or leave --kubernetes out.',
    });
  const fetching = new IsomorphicFetchHttpLibrary();
  const httpApi = {
    send(request: RequestContext) {
      request.setSignal(AbortSignal.timeout(REQUEST_MS));
      return fetching.send(request);
    },
  };
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(cluster.server, {}),
    authMethods: { default: config },
    httpApi,
  });
  return {
    namespace: given.namespace || context?.namespace || 'default',
    server: cluster.server,
    batch: new BatchV1Api(configuration),
    core: new CoreV1Api(configuration),
    coordination: new CoordinationV1Api(configuration),
    discovery: new DiscoveryV1Api(configuration),
    watch: new Watch(config),
  };
}

/** Whether an error is the API server's answer with this status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiException && error.code === status;
}

/** How long a call is tried again while the API server is away or overloaded. */
export interface Patience {
  readonly stop: AbortSignal;
  readonly for_ms: number;
}

/**
 * Asks the API server, and again while it is away, overloaded or at fault itself.
 * @throws ApiException 404 and 409, which the caller knows what to do about; cluster_refused for all else that asking
 * again does not mend; cluster_unavailable when patience ends; job_stopped when told to stop
 */
export async function call<T>(what: string, patience: Patience, ask: () => Promise<T>): Promise<T> {
  const until = performance.now() + patience.for_ms;
  for (let failed = 0; ; failed++) {
    if (patience.stop.aborted) throw new PokewatchError('job_stopped', `the pipeline was stopped (${what})`);
    try {
      return await ask();
    } catch (error) {
      if (isStatus(error, 404) || isStatus(error, 409)) throw error;
      if (error instanceof ApiException && error.code < 500 && error.code !== 429) throw refused(what, error);
      if (performance.now() >= until || !mayPass(error)) throw unavailable(what, error);
    }
    await pause(250 + backoff_ms(failed, Math.random, 500, 5000), patience.stop).catch(() => undefined);
  }
}

/** Whether trouble is of the network or of the server, and not of the kubeconfig or of ours. */
function mayPass(error: unknown): boolean {
  if (error instanceof ApiException) return true;
  const name = error instanceof Error ? error.name : '';
  // What `fetch` throws when there is no answer is a TypeError with the network's error as its cause.
  const network = error instanceof Error && error.cause instanceof Error;
  return network || name === 'TimeoutError' || name === 'AbortError' || systemCode(error) !== undefined;
}

function refused(what: string, error: ApiException<unknown>): PokewatchError {
  const account = error.code === 403 ? ' Does the service account have the rights of the chart’s Role `pipeline`?' : '';
  return new PokewatchError('cluster_refused', `${what}: ${error.code} ${messageOf(error.body)}`, {
    hint: `The API server will not do it.${account}`,
    cause: error,
  });
}

function unavailable(what: string, error: unknown): PokewatchError {
  const why = error instanceof ApiException ? `${error.code} ${messageOf(error.body)}` : reasonOf(error);
  return new PokewatchError('cluster_unavailable', `${what}: the API server cannot be asked (${why})`, {
    hint: 'The steps that are under way go on; run the pipeline again, it finds them.',
    cause: error,
  });
}

/** In a few words why a request had no answer. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return systemCode(cause) ?? systemCode(error) ?? (error instanceof Error ? error.message : String(error));
}

/** The message of a Status object, which comes as text or parsed. */
function messageOf(body: unknown): string {
  try {
    const status = (typeof body === 'string' ? JSON.parse(body) : body) as { message?: unknown } | null;
    return typeof status?.message === 'string' ? status.message.slice(0, 500) : '';
  } catch {
    return '';
  }
}
