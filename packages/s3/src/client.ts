import { S3Client } from '@aws-sdk/client-s3';
import { PokewatchError, type Settings } from '@pokewatch/core';

/** Settings that say where the store lies in S3 and who asks. */
export type S3Settings = Pick<
  Settings,
  | 'POKEWATCH_DATA'
  | 'POKEWATCH_S3_ENDPOINT'
  | 'POKEWATCH_S3_REGION'
  | 'AWS_ACCESS_KEY_ID'
  | 'AWS_SECRET_ACCESS_KEY'
  | 'AWS_SESSION_TOKEN'
>;

const CONNECT_MS = 3_000;
/** Longest silence of a server that has taken a request. */
const SILENCE_MS = 20_000;
/** How often a request is made before it counts as failed; the pauses between grow from 0.1 s. */
export const ATTEMPTS = 3;

/** What the SDK would print; its errors say the same, and are told by whoever asked. */
const QUIET = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** A client for the server that the settings name. @throws store_denied when there are no keys for it */
export function makeClient(settings: S3Settings): S3Client {
  const { POKEWATCH_S3_ENDPOINT: endpoint, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = settings;
  // Without an endpoint the SDK looks for keys that AWS gives to machines and pods; elsewhere there are none to be found.
  const found_by_sdk = endpoint === '' && AWS_ACCESS_KEY_ID === '';
  if (!found_by_sdk && (AWS_ACCESS_KEY_ID === '' || AWS_SECRET_ACCESS_KEY === ''))
    throw new PokewatchError('store_denied', `there are no keys for ${settings.POKEWATCH_DATA}`, {
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    });
  const keys = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === '' ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
  return new S3Client({
    region: settings.POKEWATCH_S3_REGION,
    ...(endpoint === '' ? {} : { endpoint, forcePathStyle: true }),
    ...(found_by_sdk ? {} : { credentials: keys }),
    logger: QUIET,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    // Bodies are checked by their SHA-256, which every S3 server knows; newer checksums are not known everywhere.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
