import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../packages/http/src/testing/server-process.ts';
import { pythonTool } from './tools.ts';

const PROGRAM = pythonTool('mlflow', 'mlflow');

/** Says in the name of a suite why it is skipped; empty when MLflow is there. */
export const NO_MLFLOW = PROGRAM === undefined ? ' (skipped: MLflow is not installed, see test/tools)' : '';

const USER = 'admin';
const START_MS = 600_000;

/** A real `mlflow server` with users, which takes files itself. */
export interface MlflowServer {
  readonly url: string;
  readonly port: number;
  /** Settings of a client that may do everything. */
  readonly env: Readonly<Record<string, string>>;
  /** One call of its REST API; throws unless the answer is 2xx. */
  call(method: 'GET' | 'POST', path: string, given?: Record<string, unknown>): Promise<Answer>;
  /** A file of a run. */
  file(run_id: string, path: string): Promise<Buffer>;
  stop(): Promise<void>;
}

/** What MLflow says; the tests know its shapes. */
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, each looked at by one test
export type Answer = any;

/** Starts a server on a free port with an empty database. */
export async function startMlflow(): Promise<MlflowServer> {
  if (PROGRAM === undefined) throw new Error('MLflow is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-mlflow-'));
  const port = await freePort();
  const password = randomUUID();
  const users = join(folder, 'users.ini');
  // Without its cache the server spends a third of a second on the password of every request.
  writeFileSync(
    users,
    `[mlflow]
default_permission = READ
database_uri = sqlite:///${folder}/users.db
admin_username = ${USER}
admin_password = ${password}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
grant_default_workspace_access = false
auth_cache_ttl_seconds = 3600
`,
  );
  const places = ['--backend-store-uri', `sqlite:///${folder}/mlflow.db`, '--artifacts-destination', `${folder}/files`];
  const address = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const child = spawn(PROGRAM, ['server', ...address, ...places, '--app-name', 'basic-auth'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      MLFLOW_AUTH_CONFIG_PATH: users,
      MLFLOW_FLASK_SERVER_SECRET_KEY: randomUUID(),
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: the server has children.
    detached: true,
  });
  const end = () => process.kill(-child.pid!, 'SIGKILL');
  // A run that is broken off leaves no server behind.
  process.once('exit', end);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-8000);
    });
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, child, () => said);
  const headers = {
    authorization: `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  return {
    url,
    port,
    env: { MLFLOW_TRACKING_URI: url, MLFLOW_TRACKING_USERNAME: USER, MLFLOW_TRACKING_PASSWORD: password },
    async call(method, path, given = {}) {
      const asked = `${url}/api/2.0/mlflow/${path}`;
      const query = new URLSearchParams(
        Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const answer =
        method === 'GET'
          ? await fetch(`${asked}?${query}`, { headers })
          : await fetch(asked, { method, headers, body: JSON.stringify(given) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return JSON.parse(text);
    },
    async file(run_id, path) {
      const answer = await fetch(`${url}/get-artifact?${new URLSearchParams({ run_id, path })}`, { headers });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    async stop() {
      process.off('exit', end);
      const gone = new Promise((resolve) => child.once('close', resolve));
      end();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilHealthy(url: string, child: ChildProcess, said: () => string): Promise<void> {
  for (const since = performance.now(); performance.now() - since < START_MS; await sleep(200)) {
    if (child.exitCode !== null) throw new Error(`mlflow server ended with ${child.exitCode}:\n${said()}`);
    try {
      if ((await fetch(`${url}/health`)).ok) return;
    } catch {
      // It does not listen yet.
    }
  }
  process.kill(-child.pid!, 'SIGKILL');
  throw new Error(`mlflow server does not answer:\n${said()}`);
}
