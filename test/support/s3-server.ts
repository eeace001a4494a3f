import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type ServerProcess, serverProcess } from '../../packages/http/src/testing/server-process.ts';
import { goTool } from './tools.ts';

const PROGRAM = goTool('versitygw');

/** Why tests with a real S3 server cannot run, for their names; empty when they can. */
export const NO_S3 = PROGRAM === undefined ? ' (skipped: versitygw is not installed, see test/tools)' : '';

/** Keys of the server's only user. */
export const S3_KEYS = {
  AWS_ACCESS_KEY_ID: 'pokewatch-test',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret-of-anybody',
} as const;

/** A real S3 server with one bucket, `cards`, which keeps its port and its objects when it is started again. */
export interface S3Server extends ServerProcess {
  readonly url: string;
  /** The folder whose folders are its buckets. */
  readonly folder: string;
  /** Ends it, and removes what it kept. */
  remove(): Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  if (PROGRAM === undefined) throw new Error('versitygw is not installed');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-s3-server-'));
  mkdirSync(join(folder, 'cards'));
  const url = `http://127.0.0.1:${port}`;
  const server = serverProcess({
    command: PROGRAM,
    args: ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder],
    env: { ROOT_ACCESS_KEY_ID: S3_KEYS.AWS_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY: S3_KEYS.AWS_SECRET_ACCESS_KEY },
    answers: () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
  });
  await server.start();
  return {
    ...server,
    url,
    folder,
    async remove() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
