import type { V1EndpointSlice } from '@kubernetes/client-node';
import type { ReplicaAddress } from '../reload/reload-replicas.ts';
import { type Cluster, call } from './cluster.ts';
import { HTTP_PORT, MODEL_SERVICE } from './names.ts';

/** How long the API server may be away while replicas are looked up. */
const AWAY_MS = 60_000;

/** The pods behind the Service of the model service, ready ones as required. */
export async function modelReplicas({ discovery, namespace }: Cluster, signal: AbortSignal): Promise<ReplicaAddress[]> {
  const labelSelector = `kubernetes.io/service-name=${MODEL_SERVICE}`;
  const slices = await call(`listing the endpoints of ${MODEL_SERVICE}`, { stop: signal, for_ms: AWAY_MS }, () =>
    discovery.listNamespacedEndpointSlice({ namespace, labelSelector }),
  );
  return replicasIn(slices.items);
}

/**
 * The addresses in EndpointSlices, each once, sorted by name. A missing `ready` means ready; what is terminating is about to
 * go and is left out.
 */
export function replicasIn(slices: readonly V1EndpointSlice[]): ReplicaAddress[] {
  const found = new Map<string, ReplicaAddress>();
  for (const { ports, endpoints } of slices) {
    const port = (ports?.find(({ name }) => name === HTTP_PORT) ?? ports?.[0])?.port;
    for (const { addresses, conditions, targetRef } of port === undefined ? [] : (endpoints ?? [])) {
      const address = addresses[0];
      if (address === undefined || conditions?.terminating === true) continue;
      const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
      const required = conditions?.ready !== false || found.get(url)?.required === true;
      found.set(url, { name: targetRef?.name ?? address, url, required });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
