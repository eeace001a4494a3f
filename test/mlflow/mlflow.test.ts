import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { train } from '../../jobs/train/src/index.ts';
import { givenFor } from '../../jobs/train/src/testing/run.ts';
import type { Outbox, Receipt } from '../../packages/contracts/src/index.ts';
import { parseSettings, systemClock } from '../../packages/core/src/index.ts';
import { takeLock } from '../../packages/job/src/index.ts';
import { deliver } from '../../packages/mlflow/src/index.ts';
import { folderStore, layout, listModels, readChampion, readModelManifest } from '../../packages/store/src/index.ts';
import { deafMarket, ledMarket, publishFeatures } from '../../packages/store/src/testing/features.ts';
import { runCli } from '../support/cli.ts';
import { type Fate, type FrontDoor, openFrontDoor } from '../support/mlflow-front-door.ts';
import { type MlflowServer, NO_MLFLOW, startMlflow } from '../support/mlflow-server.ts';
import { NO_S3, S3_KEYS, type S3Server, startS3 } from '../support/s3-server.ts';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

describe.skipIf(NO_MLFLOW !== '')(`models in a real MLflow${NO_MLFLOW}`, { timeout: 300_000 }, () => {
  let mlflow: MlflowServer;
  let root: string;
  let name: string;
  const proxies: FrontDoor[] = [];

  beforeAll(async () => {
    mlflow = await startMlflow();
  }, 660_000);
  afterAll(() => mlflow?.stop());
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'pokewatch-mlflow-test-'));
    name = root.slice(root.lastIndexOf('-') + 1);
  });
  afterEach(async () => {
    rmSync(root, { recursive: true, force: true });
    for (const proxy of proxies.splice(0)) await proxy.close();
  });

  /** Each test has an experiment and a registered model of its own. */
  const env = (more: Record<string, string> = {}) => {
    return { ...mlflow.env, MLFLOW_EXPERIMENT_NAME: name, POKEWATCH_MLFLOW_MODEL: name, ...more };
  };
  const trainWith = (more?: Record<string, string>) => train(givenFor(root, env(more)));
  const push = (more?: Record<string, string>, ...args: string[]) =>
    runCli(['mlflow', 'push', ...args], { cwd: root, env: env({ POKEWATCH_DATA: root, ...more }) });
  /** Hands in the champion from this process, which is quicker than a command. */
  const deliverHere = (more: Record<string, string> = {}) => {
    const settings = parseSettings(env({ POKEWATCH_DATA: root, ...more }));
    const times = { started_at: '2026-06-01T11:59:00Z', ended_at: '2026-06-01T12:00:00Z' };
    const fresh = [{ model_version: champion(), train_run: 'train-2026-06-01-001', ...times, fault: null }];
    const signal = new AbortController().signal;
    return deliver({ store: folderStore(root), settings, clock: systemClock, signal }, fresh);
  };
  const champion = () => readChampion(root)!.model_version;
  const read = (file: string) => JSON.parse(readFileSync(join(layout.mlflow(root), file), 'utf8'));
  const outbox = (): Outbox => read('outbox.json');
  const receipt = (version: string): Receipt => read(`${version}.json`);

  async function experiment(): Promise<string> {
    const found = await mlflow.call('GET', 'experiments/get-by-name', { experiment_name: name });
    return found.experiment.experiment_id;
  }
  async function runs() {
    const found = await mlflow.call('POST', 'runs/search', { experiment_ids: [await experiment()] });
    return found.runs ?? [];
  }
  async function versions(): Promise<{ version: string; run_id: string; source: string; status: string }[]> {
    const found = await mlflow.call('GET', 'model-versions/search', { filter: `name = '${name}'` });
    return found.model_versions ?? [];
  }
  async function alias() {
    return (await mlflow.call('GET', 'registered-models/alias', { name, alias: 'champion' })).model_version;
  }
  const named = (pairs: { key: string; value: unknown }[]) =>
    Object.fromEntries(pairs.map(({ key, value }) => [key, value]));

  async function before(fate: (path: string, count: number) => Fate): Promise<FrontDoor> {
    const proxy = await openFrontDoor(mlflow.port, fate);
    proxies.push(proxy);
    return proxy;
  }

  test('training logs a run with parameters, figures and every file, registers it, and points the alias to it', async () => {
    await publishFeatures(root, ledMarket(24, 220, 1));
    const report = await trainWith();
    expect(report).toMatchObject({ status: 'ok', exit_code: 0 });
    const { manifest } = readModelManifest(root, champion());
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect(run.info).toMatchObject({ run_name: champion(), status: 'FINISHED' });
    expect(named(run.data.params)).toMatchObject({
      model: manifest.model,
      horizon_days: '14',
      rows: String(manifest.rows),
      data_sha256: manifest.data_sha256,
    });
    expect(named(run.data.metrics)).toMatchObject({
      mae_over_naive: manifest.metrics.mae_over_naive!.value,
      'mae_over_naive/upper': manifest.metrics.mae_over_naive!.upper,
      'gate/passed_all': 1,
      'models/naive/mae_over_naive': 1,
    });
    expect(named(run.data.tags)).toMatchObject({
      'pokewatch.gate': 'passed',
      'pokewatch.champion': 'true',
      'pokewatch.train_run': report.run_id,
    });
    expect(run.inputs.dataset_inputs[0].dataset.name).toBe(manifest.features_version);
    for (const file of readdirSync(layout.model(root, champion()))) {
      const kept = await mlflow.file(run.info.run_id, `model/${file}`);
      expect(kept.equals(readFileSync(join(layout.model(root, champion()), file))), file).toBe(true);
    }
    expect(await alias()).toMatchObject({ version: '1', run_id: run.info.run_id, status: 'READY' });
    expect(report.notes.join('\n')).toContain('the alias champion');

    expect((await trainWith()).notes).toContain('MLflow has all of it already');
    expect(await runs()).toHaveLength(1);
  });

  test('a refused model is logged and registered, and the alias stays where it was', async () => {
    await publishFeatures(root, ledMarket(24, 220, 1));
    await trainWith();
    const [first] = await runs();
    await publishFeatures(root, deafMarket(24, 200, 4));
    expect(await trainWith()).toMatchObject({ status: 'refused' });
    const all = await runs();
    expect(all.map((run: { data: { tags: [] } }) => named(run.data.tags)['pokewatch.gate']).sort()).toEqual([
      'passed',
      'refused',
    ]);
    expect(await versions()).toHaveLength(2);
    expect((await alias()).run_id).toBe(first.info.run_id);
  });

  test('while the server is away training succeeds; the run is handed in later, once, and by whoever comes first', async () => {
    await publishFeatures(root, ledMarket(24, 220, 2));
    const report = await trainWith({ MLFLOW_TRACKING_URI: NOWHERE });
    expect(report).toMatchObject({ status: 'ok', exit_code: 0 });
    expect(report.notes.join('\n')).toMatch(/MLflow: no answer to .* cannot be reached .*; one version waits/);
    expect(outbox().waiting.map((one) => one.model_version)).toEqual([champion()]);
    const status = await runCli(['mlflow'], { cwd: root, env: { POKEWATCH_DATA: root } });
    expect(status.out).toContain(`${champion()} of ${report.run_id}`);

    const failed = await push({ MLFLOW_TRACKING_URI: NOWHERE });
    expect(failed).toMatchObject({ code: 5, err: expect.stringContaining('not all was handed in') });
    const done = await push();
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('registered as version 1') });
    expect(outbox()).toEqual({ waiting: [], champion: { server: mlflow.url, model_version: champion() } });
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect(named(run.data.tags)['pokewatch.train_run']).toBe(report.run_id);
    expect(run.info.end_time).toBe(Date.parse('2026-06-01T12:00:00Z'));
    expect((await push()).out).toContain('MLflow has all of it already');
  });

  test('an answer lost anywhere on the way makes neither a second run nor a second version', async () => {
    await publishFeatures(root, ledMarket(6, 60, 6));
    await trainWith({ MLFLOW_TRACKING_URI: '' });
    const experiments = name;
    let lost_at = 0;
    for (let done = false; !done; ) {
      lost_at++;
      name = `${experiments}-${lost_at}`;
      const proxy = await before((_path, count) => (count >= lost_at ? 'lost' : 'pass'));
      const first = await deliverHere({ MLFLOW_TRACKING_URI: proxy.url });
      done = first.fault === undefined;
      if (done) break;
      expect(first.fault!.kind).toBe('away');
      expect(await deliverHere()).toMatchObject({ fault: undefined, waiting: [] });
      const all = await runs();
      expect(all, `lost at ${proxy.paths[lost_at - 1]}`).toHaveLength(1);
      expect(all[0].info.status).toBe('FINISHED');
      expect(all[0].inputs.dataset_inputs).toHaveLength(1);
      expect(await versions()).toHaveLength(1);
      const history = { run_id: all[0].info.run_id, metric_key: 'gate/passed_all' };
      expect((await mlflow.call('GET', 'metrics/get-history', history)).metrics).toHaveLength(1);
      expect((await alias()).run_id).toBe(all[0].info.run_id);
      rmSync(layout.mlflow(root), { recursive: true });
    }
    expect(lost_at).toBeGreaterThan(15);
  }, 600_000);

  test('a wrong password fails nothing but the delivery, says which settings to look at, and is never told', async () => {
    await publishFeatures(root, ledMarket(6, 60, 6));
    const report = await trainWith({ MLFLOW_TRACKING_PASSWORD: 'hush-hush' });
    expect(report.error).toBeNull();
    const told = report.notes.join('\n');
    expect(told).toMatch(/MLflow denies .* \(status 401\).*MLFLOW_TRACKING_USERNAME/);
    const pushed = await push({ MLFLOW_TRACKING_PASSWORD: 'hush-hush', LOG_LEVEL: 'debug' });
    expect(pushed.code).toBe(2);
    const basic = Buffer.from(`${mlflow.env.MLFLOW_TRACKING_USERNAME}:hush-hush`).toString('base64');
    for (const text of [told, pushed.out, pushed.err, JSON.stringify(outbox())]) {
      expect(text).not.toContain('hush-hush');
      expect(text).not.toContain(basic);
    }
  });

  test('a host name that MLflow does not allow is told with its cure', async () => {
    await publishFeatures(root, ledMarket(6, 60, 6));
    await trainWith({ MLFLOW_TRACKING_URI: '' });
    // MLflow sees the name in the Host header only, as it would behind a Kubernetes Service.
    const front = createServer((from, to) => {
      const headers = { host: 'mlflow:5000', authorization: String(from.headers.authorization) };
      import('node:http').then(({ get }) =>
        get({ port: mlflow.port, path: from.url, headers }, (answer) => answer.pipe(to.writeHead(answer.statusCode!))),
      );
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const told = await push({ MLFLOW_TRACKING_URI: `http://127.0.0.1:${(front.address() as AddressInfo).port}` });
    front.close();
    expect(told.code).toBe(2);
    expect(told.err).toContain('--allowed-hosts');
  });

  test('where there is no model registry, a tag of the run says who is champion', async () => {
    await publishFeatures(root, ledMarket(24, 220, 1));
    const proxy = await before((path) => (/registered-models|model-versions/.test(path) ? 'unknown' : 'pass'));
    const report = await trainWith({ MLFLOW_TRACKING_URI: proxy.url });
    expect(report.notes.join('\n')).toContain('the server has no model registry');
    expect(receipt(champion()).registered_version).toBeNull();
    expect(named((await runs())[0].data.tags)['pokewatch.champion']).toBe('true');
    expect(outbox().waiting).toEqual([]);
  });

  test('a server that takes its time does not hold training up beyond the deadline', async () => {
    await publishFeatures(root, ledMarket(6, 60, 6));
    const stuck = createServer(() => {});
    await new Promise<void>((resolve) => stuck.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(stuck.address() as AddressInfo).port}`;
    const report = await trainWith({ MLFLOW_TRACKING_URI: url, POKEWATCH_MLFLOW_DEADLINE_MS: '300' });
    stuck.closeAllConnections();
    stuck.close();
    expect(report.error).toBeNull();
    expect(report.notes.join('\n')).toContain('the time for MLflow was up');
    expect(outbox().waiting.length).toBeGreaterThan(0);
  });

  test('nothing is handed in by hand while a model is trained', async () => {
    const lock = takeLock(root, 'train');
    const told = await push();
    await lock.release();
    expect(told).toMatchObject({ code: 4, err: expect.stringContaining('train is already running') });
  });

  test('`mlflow push --all` hands in what is older than MLflow, and a version that is gone holds nothing up', async () => {
    await publishFeatures(root, ledMarket(6, 60, 6));
    await trainWith({ MLFLOW_TRACKING_URI: NOWHERE });
    await publishFeatures(root, ledMarket(6, 61, 6));
    await trainWith({ MLFLOW_TRACKING_URI: '' });
    const all = listModels(root);
    const gone = outbox().waiting[0]!.model_version;
    rmSync(layout.model(root, gone), { recursive: true });
    const told = await push({}, '--all');
    expect(told.code, told.err).toBe(0);
    expect(told.out).toContain(`${gone} is not in the store any more`);
    expect((await runs()).map((run: { info: { run_name: string } }) => run.info.run_name).sort()).toEqual(
      all.filter((version) => version !== gone).sort(),
    );
  });

  describe.skipIf(NO_S3 !== '')(`files that the server leaves to its clients, in a real S3${NO_S3}`, () => {
    let s3: S3Server;
    beforeAll(async () => {
      s3 = await startS3();
      mkdirSync(join(s3.folder, 'mlflow'));
    });
    afterAll(() => s3?.remove());
    const keys = () => ({ ...S3_KEYS, MLFLOW_S3_ENDPOINT_URL: s3.url });

    test('go straight into the bucket, and again after a try without keys', async () => {
      await publishFeatures(root, ledMarket(6, 60, 6));
      await mlflow.call('POST', 'experiments/create', { name, artifact_location: `s3://mlflow/${name}` });
      const report = await trainWith({ MLFLOW_S3_ENDPOINT_URL: s3.url });
      expect(report.notes.join('\n')).toMatch(/MLflow's files cannot be written: there are no keys/);
      const done = await push(keys());
      expect(done.code, done.err).toBe(0);
      // The candidate, which was refused, and “no change”, which serves.
      const all = await runs();
      expect(all).toHaveLength(2);
      const run = all.find((one: { info: { run_name: string } }) => one.info.run_name === champion());
      expect(run.info.artifact_uri).toMatch(/^s3:\/\/mlflow\//);
      const folder = join(s3.folder, run.info.artifact_uri.slice('s3://'.length), 'model');
      for (const file of readdirSync(layout.model(root, champion())))
        expect(readFileSync(join(folder, file)).equals(readFileSync(join(layout.model(root, champion()), file)))).toBe(
          true,
        );
      expect((await versions()).map((one) => one.source)).toContain(`${run.info.artifact_uri}/model`);
    });
  });
});
