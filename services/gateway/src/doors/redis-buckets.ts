import type { Rate } from './limiter.ts';

/** What a bucket in Redis holds after a request. */
interface Level {
  readonly allowed: boolean;
  readonly left: number;
}

/** Buckets in Redis. */
export interface RedisBuckets {
  /** True while there is a connection. */
  readonly ready: boolean;
  /** Takes a token in one round trip. @throws when Redis answers with an error or the connection breaks. */
  take(caller: string): Promise<Level>;
  /** Gives the connection up, with all that waits on it, and makes a new one. */
  reconnect(): void;
  close(): void;
}

interface Events {
  /** Told when the connection is there. */
  readonly onReady: () => void;
  /** Told of every failed connection. */
  readonly onError: (error: unknown) => void;
}

/**
 * The bucket as one number: the moment, in microseconds of Redis's own clock, at which it will be full again. A token
 * moves it on by the time a token takes to flow in; a request is allowed while that stays within the time of a whole
 * bucket (the generic cell rate algorithm). Clocks of replicas play no part.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local token, size = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or 0) or 0
local debt = math.min(math.max(full - now, 0), size)
if debt + token > size then return {0, debt} end
debt = debt + token
redis.call('SET', KEYS[1], string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000))
return {1, debt}`;

const PREFIX = 'pokewatch:limit:';
const CONNECT_MS = 1000;
const MOST_RETRY_MS = 1000;
/** Most commands that wait for an answer; beyond that Redis counts as failing. */
const MOST_WAITING = 1000;

/**
 * Buckets in the Redis at `url`. It connects by itself, again and again; until then `ready` is false. The client is only
 * loaded here, so that a gateway without Redis does not carry it.
 */
export async function connectRedisBuckets(url: string, rate: Rate, events: Events): Promise<RedisBuckets> {
  const { createClient } = await import('@redis/client');
  const token_us = Math.ceil(1 / rate.per_ms) * 1000;
  const size_us = token_us * rate.size;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, MOST_RETRY_MS) * (0.75 + Math.random() / 2),
    },
  });
  let sha = '';
  client.on('error', events.onError);
  client.on('ready', () => {
    client.scriptLoad(TAKE).then((loaded) => {
      sha = loaded;
      events.onReady();
    }, events.onError);
  });
  const connect = () => void client.connect().catch(events.onError);
  connect();

  return {
    get ready() {
      return client.isReady && sha !== '';
    },
    async take(caller) {
      const given = { keys: [PREFIX + caller], arguments: [String(token_us), String(size_us)] };
      const [allowed, debt_us] = (await client.evalSha(sha, given).catch((error: unknown) => {
        // Redis was restarted, or told to forget its scripts.
        if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return client.eval(TAKE, given);
        throw error;
      })) as [number, number];
      return { allowed: allowed === 1, left: (size_us - debt_us) / token_us };
    },
    reconnect() {
      client.destroy();
      connect();
    },
    close: () => client.destroy(),
  };
}
