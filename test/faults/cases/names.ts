import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectations, type Fault } from '../support/fault.ts';
import { underLoad } from '../support/under-load.ts';

const PRELOAD = join(import.meta.dirname, '../../support/lookup-from-file.ts');
/** A name is looked up every second. */
const NOTICE_MS = 1300;

/** Two model services at two loopback addresses and the same port, of which a name has one at a time. */
export const NAMES: readonly Fault[] = [
  {
    name: 'the name of the model service moves',
    done: 'the name gets the address of another process; then the old process is killed. The resolver is simulated',
    expected: 'as before, at most 0.1 % errors',
    async run(stage, scale) {
      const hosts = join(stage.root, 'hosts');
      writeFileSync(hosts, '127.0.0.2\n');
      const old = await stage.model({ POKEWATCH_HOST: '127.0.0.2' });
      const young = await stage.model({ POKEWATCH_HOST: '127.0.0.3', POKEWATCH_MODEL_PORT: String(old.port) });
      const gateway = await stage.gateway({
        model: `http://model.test:${old.port}`,
        decision: stage.decisions[0]!.url,
        env: { HOSTS_FILE: hosts },
        preload: [PRELOAD],
      });
      try {
        await sleep(NOTICE_MS);
        const seen = await underLoad(stage, gateway, scale, {
          break: async () => {
            writeFileSync(hosts, '127.0.0.3\n');
            await sleep(NOTICE_MS);
            await old.kill();
          },
          cure: () => writeFileSync(hosts, ''),
        });
        const expected = expectations(seen.outcomes, scale, {
          outcomes: ['503 peer_unavailable'],
          share: 0.001,
          recovery_ms: seen.recovery_ms,
        });
        return { ...seen, breaches: expected.breaches, note: 'afterwards the name had no address any more' };
      } finally {
        await Promise.all([gateway.kill(), old.kill(), young.kill()]);
      }
    },
  },
];
