import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectations, type Fault, type Observed, type Scale } from '../support/fault.ts';
import { Load } from '../support/load.ts';
import type { Stage } from '../support/stage.ts';
import { underLoad } from '../support/under-load.ts';

const HEAD = 'POST /fair_price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const CLIENTS = 50;

/** What a client that misbehaves got back: the status of its answer, or how its connection ended. */
function misbehave(port: number, treat: (socket: Socket) => void): { socket: Socket; status: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  const status = new Promise<string>((resolve) => {
    let text = '';
    socket.setEncoding('latin1').on('data', (part) => {
      text += part;
      const found = /^HTTP\/1\.1 (\d{3})/.exec(text);
      if (found !== null) resolve(found[1]!);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.once('close', () => resolve('closed'));
  });
  socket.once('connect', () => treat(socket));
  return { socket, status };
}

/** Misbehaving clients beside good ones: the good ones must not notice. */
async function beside(
  stage: Stage,
  scale: Scale,
  treat: (socket: Socket) => void,
  allowed: readonly string[],
  during_ms = scale.during_ms,
): Promise<Observed> {
  const bad: ReturnType<typeof misbehave>[] = [];
  const seen = await underLoad(stage, stage.single, scale, {
    break: () => {
      for (let i = 0; i < CLIENTS; i++) bad.push(misbehave(stage.single.port, treat));
    },
    during_ms,
  });
  const statuses = await Promise.all(bad.map(({ status }) => Promise.race([status, sleep(0, 'still open')])));
  for (const { socket } of bad) socket.destroy();
  const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
  const others = [...new Set(statuses)].filter((status) => !allowed.includes(status));
  expected.that(others.length === 0, `the misbehaving clients got ${others.join(', ')}`);
  return { outcomes: seen.outcomes, breaches: expected.breaches, note: `they got ${tally(statuses)}` };
}

function tally(statuses: readonly string[]): string {
  const counts = Object.entries(Object.groupBy(statuses, (status) => status));
  return counts.map(([status, all]) => `${status} × ${all?.length}`).join(', ');
}

/** Writes for as long as the other side takes it. */
function pour(socket: Socket, part: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(part));
  };
  socket.on('drain', more);
  more();
}

/** Clients that open too much, send too much, or never end. */
export const CONNECTIONS: readonly Fault[] = [
  {
    name: 'a storm of connections',
    done: '2,000 connections at once, each with one request, beside the others',
    expected:
      'each is answered as before or refused with 503 overloaded and Retry-After; none is reset, too late or left without an answer; the others too, and from 2 s after the last of the storm on as before',
    async run(stage, scale) {
      let outcomes: ReturnType<Load['outcomes']> | undefined;
      const seen = await underLoad(stage, stage.single, scale, {
        break: async () => {
          const load = new Load(stage.single.url, stage.known, scale.storm);
          load.burst(scale.storm);
          outcomes = await load.stop();
        },
        during_ms: 0,
      });
      const refused = ['503 overloaded'];
      const expected = expectations(seen.outcomes, scale, { outcomes: refused, recovery_ms: seen.recovery_ms });
      const stormed = expectations(outcomes!, scale, { outcomes: refused });
      expected.that(outcomes!.total === scale.storm, `${outcomes!.total} of ${scale.storm} ended`);
      const note = `of the storm: ${JSON.stringify(outcomes!.by)}, the last after ${Math.round(outcomes!.slowest_ms)} ms`;
      return { ...seen, breaches: [...expected.breaches, ...stormed.breaches], note };
    },
  },
  {
    name: 'no more file descriptors',
    done: 'a gateway with `ulimit -n 128` gets 400 connections that stay open, beside requests on 16 connections that were there before',
    expected:
      'connections beyond the limit are closed at once; requests on the others are answered as before; when there is room again, a new connection is answered within 2 s',
    async run(stage, scale) {
      const gateway = await stage.gateway({
        model: stage.models[0]!.url,
        decision: stage.decisions[0]!.url,
        descriptors: 128,
      });
      const sockets: Socket[] = [];
      let closed = 0;
      let back_ms = 0;
      try {
        const seen = await underLoad(stage, gateway, scale, {
          connections: 16,
          break: async () => {
            for (let i = 0; i < 400; i++) sockets.push(connect(gateway.port, '127.0.0.1').on('error', () => {}));
          },
          cure: async () => {
            closed = sockets.filter(({ closed, readyState }) => closed || readyState !== 'open').length;
            for (const socket of sockets) socket.destroy();
            const cured_at = performance.now();
            await stage.well(gateway);
            back_ms = performance.now() - cured_at;
          },
        });
        const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
        expected.that(gateway.running, 'the gateway ended');
        expected.that(closed > 300, `only ${closed} of 400 connections were closed`);
        expected.that(
          back_ms <= scale.recovery_ms,
          `a new connection was answered only after ${Math.round(back_ms)} ms`,
        );
        const note = `${closed} of the 400 connections were closed; a new one was answered after ${Math.round(back_ms)} ms`;
        return { ...seen, breaches: expected.breaches, note };
      } finally {
        for (const socket of sockets) socket.destroy();
        await gateway.kill();
      }
    },
  },
  {
    name: 'bodies that are too large',
    done: `${CLIENTS} clients send bodies of a declared gigabyte`,
    expected: '413 for them, the others as before',
    run: (stage, scale) =>
      beside(
        stage,
        scale,
        (socket) => {
          socket.write(`${HEAD}Content-Length: 1000000000\r\n\r\n`);
          pour(socket, ' '.repeat(16_384));
        },
        ['413'],
      ),
  },
  {
    name: 'bodies that never end',
    done: `${CLIENTS} clients send chunks without an end`,
    expected: '413 for them, the others as before',
    run: (stage, scale) =>
      beside(
        stage,
        scale,
        (socket) => {
          socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
          pour(socket, `4000\r\n${' '.repeat(0x4000)}\r\n`);
        },
        ['413'],
      ),
  },
  {
    name: 'clients that send a byte now and then',
    done: `${CLIENTS} clients send headers a byte every 50 ms`,
    expected: '408 after the limit of 5 s, the others as before',
    run: (stage, scale) =>
      beside(
        stage,
        scale,
        (socket) => {
          socket.write('GET /livez HTTP/1.1\r\nX: ');
          const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('y')), 50);
        },
        ['408'],
        6500,
      ),
  },
  {
    name: 'clients that do not read',
    done: `${CLIENTS} clients send requests without end and read no answer`,
    expected:
      'they are no longer read when their answers pile up; the others as before, at most 5 % errors, and its memory below 600 MB',
    async run(stage, scale) {
      const body = stage.known.at(-1)!.body;
      const request = `POST /fair_price/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      const sockets: Socket[] = [];
      const before_mb = stage.single.memory_mb();
      const seen = await underLoad(stage, stage.single, scale, {
        break: () => {
          for (let i = 0; i < CLIENTS; i++) {
            const socket = connect(stage.single.port, '127.0.0.1').on('error', () => {});
            socket.pause();
            sockets.push(socket);
            pour(socket, request);
          }
        },
        cure: () => {
          for (const socket of sockets) socket.destroy();
        },
      });
      const after_mb = stage.single.memory_mb();
      const expected = expectations(seen.outcomes, scale, {
        outcomes: ['503 overloaded', '503 peer_timeout'],
        share: 0.05,
        recovery_ms: seen.recovery_ms,
      });
      expected.that(after_mb < 600, `its memory grew from ${before_mb} to ${after_mb} MB`);
      return { ...seen, breaches: expected.breaches, note: `memory ${before_mb} → ${after_mb} MB` };
    },
  },
];
