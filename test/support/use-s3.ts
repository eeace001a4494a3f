import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openS3Door, type S3Door } from './s3-door.ts';
import { NO_S3, type S3Server, startS3 } from './s3-server.ts';

/** What tests on a real S3 server share. */
interface S3Stand {
  readonly server: S3Server;
  /** A way to it that may lose or refuse requests; after each test it lets all pass again. */
  readonly door: S3Door;
  /** A folder that is removed in the end. */
  readonly top: string;
}

/** Has all of it there for the tests of the file that calls this, where the server is installed. */
export function useS3(): S3Stand {
  const stand = {} as { -readonly [K in keyof S3Stand]: S3Stand[K] };
  beforeAll(async () => {
    if (NO_S3 !== '') return;
    stand.server = await startS3();
    stand.door = await openS3Door(stand.server.url);
    stand.top = mkdtempSync(join(tmpdir(), 'pokewatch-s3-'));
  });
  afterEach(() => {
    if (NO_S3 === '') stand.door.decide = () => 'pass';
  });
  afterAll(async () => {
    if (NO_S3 !== '') return;
    await stand.door.close();
    await stand.server.remove();
    rmSync(stand.top, { recursive: true, force: true });
  });
  return stand;
}
