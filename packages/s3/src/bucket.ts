import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Bucket, BucketEntry, BucketText, Downloaded, Expected, FileToPut } from './bucket-shape.ts';
import { makeClient, type S3Settings } from './client.ts';
import { parsePlace } from './place.ts';
import { isConditionFailed, isNotThere, isUnchanged, s3Error } from './s3-error.ts';
import { transferred } from './transferred.ts';

/** The place in S3 that the settings name. @throws store_denied, bad_setting */
export function openBucket(settings: S3Settings): Bucket {
  return new S3Bucket(settings);
}

class S3Bucket implements Bucket {
  readonly where: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(settings: S3Settings) {
    const { bucket, prefix } = parsePlace(settings.POKEWATCH_DATA);
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.where = `s3://${bucket}/${prefix}`.replace(/\/$/, '');
    this.#client = makeClient(settings);
  }

  async list(prefix: string): Promise<BucketEntry[]> {
    return (await this.#list(prefix, {})).entries;
  }

  async names(folder: string): Promise<string[]> {
    const { entries, folders } = await this.#list(folder, { Delimiter: '/' });
    return [...entries.map(({ key }) => key), ...folders].map((key) => key.slice(folder.length)).sort();
  }

  async read(key: string, known?: string): Promise<BucketText | 'unchanged' | undefined> {
    try {
      const command = new GetObjectCommand({
        ...this.#named(key),
        ...(known === undefined ? {} : { IfNoneMatch: known }),
      });
      let date: string | undefined;
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          date = (result.response as { headers?: Record<string, string> }).headers?.date;
          return result;
        },
        { step: 'deserialize' },
      );
      const answer = await this.#client.send(command);
      const text = (await answer.Body?.transformToString()) ?? '';
      const modified_ms = answer.LastModified?.getTime() ?? 0;
      return { text, etag: answer.ETag!, modified_ms, now_ms: date === undefined ? modified_ms : Date.parse(date) };
    } catch (error) {
      if (isNotThere(error)) return undefined;
      if (known !== undefined && isUnchanged(error)) return 'unchanged';
      throw this.#error(key, error);
    }
  }

  async download(key: string, to: string): Promise<Downloaded | undefined> {
    try {
      return await transferred(async () => {
        const answer = await this.#client.send(new GetObjectCommand(this.#named(key)));
        const hash = createHash('sha256');
        await pipeline(
          answer.Body as Readable,
          async function* (pieces: AsyncIterable<Buffer>) {
            for await (const piece of pieces) {
              hash.update(piece);
              yield piece;
            }
          },
          createWriteStream(to),
        );
        return { etag: answer.ETag!, sha256: hash.digest('hex'), noted_sha256: answer.Metadata?.sha256 };
      });
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw this.#error(key, error);
    }
  }

  async put(key: string, data: string | FileToPut, expected: Expected): Promise<string | undefined> {
    const hash = typeof data === 'string' ? createHash('sha256').update(data).digest('hex') : data.sha256;
    try {
      const { ETag } = await transferred(() => this.#client.send(this.#putCommand(key, data, hash, expected)));
      return ETag!;
    } catch (error) {
      if (!isConditionFailed(error)) throw this.#error(key, error);
      // The answer to an earlier attempt may have been lost: then these very bytes stand there.
      const there = await this.#head(key);
      return there?.Metadata?.sha256 === hash ? there.ETag : undefined;
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand(this.#named(key)));
    } catch (error) {
      throw this.#error(key, error);
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #putCommand(key: string, data: string | FileToPut, hash: string, expected: Expected): PutObjectCommand {
    const [body, bytes] =
      typeof data === 'string'
        ? [data, Buffer.byteLength(data)]
        : [createReadStream(data.path), statSync(data.path).size];
    const command = new PutObjectCommand({
      ...this.#named(key),
      ...(expected === 'nothing' ? { IfNoneMatch: '*' } : { IfMatch: expected.etag }),
      Body: body,
      ContentLength: bytes,
      Metadata: { sha256: hash },
    });
    // The server refuses a body that is not what was hashed: what broke on the way never becomes an object.
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = hash;
        return next(args);
      },
      { step: 'build' },
    );
    return command;
  }

  async #head(key: string) {
    try {
      return await this.#client.send(new HeadObjectCommand(this.#named(key)));
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw this.#error(key, error);
    }
  }

  async #list(prefix: string, how: { Delimiter?: '/' }) {
    const entries: BucketEntry[] = [];
    const folders: string[] = [];
    try {
      for (let token: string | undefined, more = true; more; ) {
        const page = await this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.#bucket,
            Prefix: `${this.#prefix}${prefix}`,
            ...how,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        for (const { Key, ETag, Size } of page.Contents ?? []) {
          // Some tools make empty objects in place of folders.
          if (Key === undefined || ETag === undefined || Key.endsWith('/')) continue;
          entries.push({ key: Key.slice(this.#prefix.length), etag: ETag, bytes: Size ?? 0 });
        }
        for (const { Prefix } of page.CommonPrefixes ?? [])
          if (Prefix !== undefined) folders.push(Prefix.slice(this.#prefix.length, -1));
        token = page.NextContinuationToken;
        more = page.IsTruncated === true && token !== undefined;
      }
    } catch (error) {
      throw this.#error(prefix, error);
    }
    return { entries, folders };
  }

  #named(key: string) {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${key}` };
  }

  #error(key: string, error: unknown): unknown {
    return s3Error(`${this.where}/${key}`, error);
  }
}
