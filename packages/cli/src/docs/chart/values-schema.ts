import * as z from 'zod';
import { chartSettings, secretSettings } from './settings.ts';

const text = z.string();
const count = z.int().min(0);
const seconds = z.int().min(0).max(86_400);
const port = z.int().min(1).max(65_535);
const ports = z.array(port).min(1);
const quantity = z.string().regex(/^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/);
const amount = z.union([quantity, z.number().positive()]);
/** A name as Kubernetes allows it for most objects; empty where there is a default. */
const nameOrEmpty = z.string().regex(/^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$/);
const cidr = z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/);
const cron = z.string().regex(/^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|\S+( \S+){4})$/);
const image = z.string().regex(/^\S+:[\w][\w.-]*$|^\S+@sha256:[0-9a-f]{64}$/);
const digest = z.string().regex(/^(sha256:[0-9a-f]{64})?$/);

/** What Kubernetes leaves open: names of others' choosing. */
const names = z.record(z.string(), z.string());
const objects = z.array(z.record(z.string(), z.unknown()));
const anything = z.record(z.string(), z.unknown());

const scheduling = { nodeSelector: names, tolerations: objects };
const amounts = z.strictObject({
  cpu: amount.optional(),
  memory: amount.optional(),
  'ephemeral-storage': amount.optional(),
});
const resources = z.strictObject({ requests: amounts.optional(), limits: amounts.optional() });

const service = { replicas: count, resources, preStopSeconds: seconds, ...scheduling, affinity: anything };
const step = {
  schedule: cron,
  suspend: z.boolean(),
  limitSeconds: z.int().min(60).max(604_800),
  resources,
  ...scheduling,
};

const setting = z.union([z.string(), z.number(), z.boolean()]);
const settings = z.strictObject(Object.fromEntries(chartSettings().map((name) => [name, setting.optional()])));

/** What may stand in the values of the chart. Every object is closed, but for maps whose keys belong to Kubernetes. */
export const ValuesSchema = z.strictObject({
  /** Helm hands this to charts that are part of another one. */
  global: anything.optional(),
  image: z.strictObject({
    registry: z.string().min(1),
    tag: z.string().regex(/^[\w.-]{0,128}$/),
    digests: z.strictObject({ api: digest, model: digest, decision: digest, batch: digest }),
    pullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']),
    pullSecrets: z.array(z.strictObject({ name: z.string().min(1) })),
  }),
  settings,
  secrets: z.strictObject({
    existingSecret: nameOrEmpty,
    ...Object.fromEntries(secretSettings().map((name) => [name, text])),
  }),
  auth: z.strictObject({ enabled: z.boolean(), keysSecret: nameOrEmpty }),
  config: z.strictObject({ cards: text, existingConfigMap: nameOrEmpty }),
  persistence: z.strictObject({
    enabled: z.boolean(),
    existingClaim: nameOrEmpty,
    storageClass: nameOrEmpty,
    accessMode: z.enum(['ReadWriteOnce', 'ReadWriteMany']),
    size: quantity,
    keep: z.boolean(),
  }),
  s3: z.strictObject({
    enabled: z.boolean(),
    bucket: z.string().regex(/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/),
    prefix: z.string().regex(/^[\w./=-]*$/),
    endpoint: z.string().regex(/^(https?:\/\/\S+)?$/),
    region: z.string().min(1),
    cacheMegabytes: z.int().min(100),
  }),
  serviceAccount: z.strictObject({ annotations: names }),
  pods: z.strictObject({
    labels: names,
    annotations: names,
    ...scheduling,
    priorityClassName: nameOrEmpty,
    drainSeconds: z.int().min(0).max(600),
  }),
  gateway: z.strictObject({
    ...service,
    service: z.strictObject({
      type: z.enum(['NodePort', 'ClusterIP', 'LoadBalancer']),
      port,
      nodePort: z.union([z.literal(0), z.int().min(30_000).max(32_767)]),
      annotations: names,
    }),
    ingress: z.strictObject({
      enabled: z.boolean(),
      className: nameOrEmpty,
      annotations: names,
      hosts: z.array(z.string().min(1)).min(1),
      tlsSecret: nameOrEmpty,
    }),
  }),
  model: z.strictObject({
    ...service,
    autoscaling: z.strictObject({
      enabled: z.boolean(),
      minReplicas: z.int().min(1),
      maxReplicas: z.int().min(1),
      cpuPercent: z.int().min(1),
      memoryPercent: z.int().min(1),
    }),
  }),
  decision: z.strictObject(service),
  collector: z.strictObject(step),
  preprocess: z.strictObject(step),
  train: z.strictObject(step),
  pipeline: z.strictObject({ ...step, firstRun: z.boolean() }),
  jobs: z.strictObject({ keepDays: z.int().min(1).max(365) }),
  redis: z.strictObject({ enabled: z.boolean(), image, password: z.string().regex(/^[\w.~-]*$/), resources }),
  mlflow: z.strictObject({
    enabled: z.boolean(),
    image,
    allowedHosts: z.array(z.string().regex(/^[\w.*:-]+$/)),
    size: quantity,
    storageClass: nameOrEmpty,
    keep: z.boolean(),
    resources,
  }),
  networkPolicy: z.strictObject({
    enabled: z.boolean(),
    gatewayFrom: objects,
    metricsNamespaceLabels: names,
    internetCIDR: cidr,
    internetPorts: ports,
    apiServerCIDR: cidr,
    apiServerPorts: ports,
    s3CIDR: cidr,
    s3Ports: ports,
    mlflowPorts: ports,
    redisCIDR: cidr,
    redisPorts: ports,
    egress: objects,
  }),
  podDisruptionBudget: z.strictObject({ enabled: z.boolean() }),
  monitoring: z.strictObject({
    scrapeAnnotations: z.boolean(),
    serviceMonitor: z.strictObject({
      enabled: z.boolean(),
      labels: names,
      interval: z.string().regex(/^\d+(ms|s|m)$/),
    }),
    prometheusRule: z.strictObject({ enabled: z.boolean(), labels: names }),
    dashboards: z.strictObject({ enabled: z.boolean(), labels: names, folder: text }),
    docsUrl: z.string().regex(/^https?:\/\/\S+[^/]$/),
  }),
  faults: z.strictObject({ testFail: z.boolean() }),
});
