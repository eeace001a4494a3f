import type { Given } from './given.ts';
import { Kube } from './kube.ts';
import type { Values } from './stage.ts';

const NAME = 's3';
const NAMESPACE = 'pokewatch-s3';
const BUCKET = 'pokewatch';
const PORT = 7070;
const KEY = { id: 'suite', secret: 'only-for-this-suite' };

/**
 * Starts a real S3 server (versitygw) in a namespace of its own, on another node than `not_on`. Its data ends with it.
 * @returns the chart's values for a store there
 */
export async function startS3(given: Given, not_on: string | undefined): Promise<Values> {
  const kube = new Kube(NAMESPACE);
  const labels = { app: NAME };
  const elsewhere = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: [not_on] };
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [elsewhere] }] },
    },
  };
  const pod = {
    ...(not_on === undefined ? {} : { affinity }),
    containers: [
      {
        name: NAME,
        image: `${given.registry}/pokewatch-test-s3:${given.tag}`,
        args: ['--port', `:${PORT}`, 'posix', '/buckets'],
        env: [
          { name: 'ROOT_ACCESS_KEY_ID', value: KEY.id },
          { name: 'ROOT_SECRET_ACCESS_KEY', value: KEY.secret },
        ],
        readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
        // A folder there is a bucket.
        volumeMounts: [{ name: 'bucket', mountPath: `/buckets/${BUCKET}` }],
      },
    ],
    volumes: [{ name: 'bucket', emptyDir: {} }],
  };
  await kube.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, namespace: NAMESPACE },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: NAME, namespace: NAMESPACE },
      spec: { selector: labels, ports: [{ port: PORT }] },
    },
  );
  await kube.kubectl(['rollout', 'status', `deployment/${NAME}`, '--timeout=120s']);
  return {
    's3.enabled': true,
    's3.bucket': BUCKET,
    's3.endpoint': `http://${NAME}.${NAMESPACE}.svc:${PORT}`,
    'secrets.AWS_ACCESS_KEY_ID': KEY.id,
    'secrets.AWS_SECRET_ACCESS_KEY': KEY.secret,
  };
}

/** Removes the server and all buckets. */
export async function removeS3(): Promise<void> {
  await new Kube(NAMESPACE).tryKubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--wait=false']);
}
