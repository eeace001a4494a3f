import { type Clock, didYouMean, PokewatchError, systemClock } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { catalogueOf } from './catalogue.ts';
import type { Answer, FakeKind, Modes } from './kind.ts';
import { pptFake } from './ppt/ppt.ts';
import { tcgcsvFake } from './tcgcsv.ts';
import { tcgdexFake } from './tcgdex.ts';
import { sendTroubled, TROUBLES, type Trouble } from './trouble.ts';

const KINDS: Readonly<Record<string, FakeKind>> = {
  tcgcsv: tcgcsvFake,
  'pokemon-price-tracker': pptFake,
  tcgdex: tcgdexFake,
};

/** Names of the sources that have a fake. */
export const FAKE_NAMES: readonly string[] = Object.keys(KINDS);

/** A request that a fake got, and its answer's status. */
export interface LoggedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  status: number;
}

export interface FakeOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly cards: readonly WatchedCard[];
  readonly clock?: Clock;
  readonly seed?: string;
  readonly modes?: Modes;
}

/** A running fake. */
export interface Fake {
  /** What the source's base URL has to be. */
  readonly url: string;
  /** Name of the setting that takes it. */
  readonly setting: string;
  readonly requests: readonly LoggedRequest[];
  /** Puts trouble into the next `times` answers (all, when not given) whose URL fits `match`. */
  break(trouble: Trouble, options?: { readonly times?: number; readonly match?: RegExp }): void;
  /** Ends all trouble. */
  heal(): void;
  /** Changes how the fake answers when nothing is wrong; see the modes of each fake. @throws bad_usage */
  set(modes: Modes): void;
  close(): Promise<void>;
}

interface Planned {
  readonly trouble: Trouble;
  readonly match: RegExp;
  times: number;
}

/**
 * Starts a fake of a price source on loopback. A person switches it by `POST /_fake` with `{"break": "html_502",
 * "times": 3}`, `{"heal": true}` or `{"set": {…}}`, and reads what it was asked at `GET /_fake`.
 * @throws bad_usage for an unknown name, port_taken.
 */
export async function startFake(name: string, options: FakeOptions): Promise<Fake> {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) {
    throw new PokewatchError('bad_usage', `there is no fake of ${JSON.stringify(name)}`, {
      hint: `${didYouMean(name, FAKE_NAMES)} The fakes are ${FAKE_NAMES.join(', ')}.`.trim(),
    });
  }
  const clock = options.clock ?? systemClock;
  const modes: Record<string, string | number> = { ...kind.modes };
  const requests: LoggedRequest[] = [];
  const planned: Planned[] = [];
  const answer = kind.start({
    catalogue: catalogueOf(options.cards, clock, options.seed ?? 'pokewatch'),
    clock,
    modes,
  });

  const app = Fastify({ forceCloseConnections: true });
  const control: Control = {
    break: (trouble, { times = Number.POSITIVE_INFINITY, match = /./ } = {}) =>
      void planned.push({ trouble, times, match }),
    heal: () => void planned.splice(0),
    set: (changes) => setModes(modes, changes, name),
  };
  control.set(options.modes ?? {});
  addControlRoutes(app, control, requests, modes);
  app.get('/*', async (request, reply) => {
    const logged: LoggedRequest = { url: request.url, headers: request.headers, status: 0 };
    requests.push(logged);
    const trouble = planned.find((one) => one.times > 0 && one.match.test(request.url));
    const body = answer({ path: pathOf(request), query: queryOf(request), headers: request.headers });
    logged.status = trouble === undefined ? body.status : -1;
    if (trouble === undefined) return sendPlain(reply, body);
    trouble.times--;
    await sendTroubled(reply, trouble.trouble, body.type, body.body);
    return reply;
  });
  await listen(app, options);
  const { port } = app.server.address() as { port: number };
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${port}${kind.base}`,
    setting: kind.setting,
    requests,
    ...control,
    close: () => app.close(),
  };
}

type Control = Pick<Fake, 'break' | 'heal' | 'set'>;

function addControlRoutes(app: FastifyInstance, control: Control, requests: LoggedRequest[], modes: Modes): void {
  app.get('/_fake', async () => ({
    modes,
    troubles: TROUBLES,
    requests: requests.map(({ url, status }) => ({ url, status })),
  }));
  app.post('/_fake', async (request, reply) => {
    const body = (request.body ?? {}) as { break?: string; times?: number; heal?: boolean; set?: Modes };
    if (body.break !== undefined && !Object.hasOwn(TROUBLES, body.break)) {
      return reply.code(422).send({ error: `break is one of ${Object.keys(TROUBLES).join(', ')}` });
    }
    try {
      if (body.heal) control.heal();
      if (body.set !== undefined) control.set(body.set);
    } catch (error) {
      return reply.code(422).send({ error: error instanceof Error ? error.message : String(error) });
    }
    if (body.break !== undefined)
      control.break(body.break as Trouble, body.times === undefined ? {} : { times: body.times });
    return { modes };
  });
}

function setModes(modes: Record<string, string | number>, changes: Modes, name: string): void {
  for (const [key, value] of Object.entries(changes)) {
    if (!Object.hasOwn(modes, key) || typeof modes[key] !== typeof value) {
      throw new PokewatchError('bad_usage', `the fake of ${name} has no mode ${key} of this kind`, {
        hint: `${didYouMean(key, Object.keys(modes))} It has ${JSON.stringify(modes)}.`.trim(),
      });
    }
    modes[key] = value;
  }
}

function sendPlain(reply: FastifyReply, answer: Answer) {
  for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value);
  return reply.code(answer.status).type(answer.type).send(answer.body);
}

function pathOf(request: FastifyRequest): string {
  return decodeURIComponent(new URL(request.url, 'http://fake').pathname);
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URL(request.url, 'http://fake').searchParams;
}

async function listen(app: FastifyInstance, options: FakeOptions): Promise<void> {
  const port = options.port ?? 0;
  try {
    await app.listen({ port, host: options.host ?? '127.0.0.1' });
  } catch (error) {
    throw new PokewatchError('port_taken', `port ${port} is taken`, {
      hint: 'Give the fake another one.',
      cause: error,
    });
  }
}
