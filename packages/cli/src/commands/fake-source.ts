import type { Command } from 'commander';
import { wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

/** `pokewatch fake-source NAME` */
export function addFakeSource(program: Command, context: Context, finish: Finish): void {
  program
    .command('fake-source')
    .description('serve a fake of a price source on this machine, to try things without a key or a network')
    .argument('<name>', 'tcgcsv, pokemon-price-tracker or tcgdex')
    .option('--port <number>', 'port (default: any free one)', wholeNumber(0, 65_535), 0)
    .addHelpText(
      'after',
      `
Its prices are SIMULATED. It can be told to misbehave while it runs; see docs/sources.md.

Examples:
  pokewatch fake-source tcgcsv --port 9100
  POKEWATCH_TCGCSV_URL=http://127.0.0.1:9100 pokewatch collect --source tcgcsv`,
    )
    .action(async (name: string, { port }: { port: number }) => {
      const [{ startFake }, { readWatchlist }] = await Promise.all([
        import('@pokewatch/fake-source'),
        import('@pokewatch/watchlist'),
      ]);
      const { POKEWATCH_CARDS, POKEWATCH_DEMO_SEED } = context.settings();
      const { cards } = readWatchlist(POKEWATCH_CARDS);
      const fake = await startFake(name, { port, cards, clock: context.clock(), seed: POKEWATCH_DEMO_SEED });
      context.out(`A fake of ${name} with SIMULATED prices; Ctrl-C stops it. Use it with`);
      context.out(`  ${fake.setting}=${fake.url}`);
      await new Promise<void>((resolve) => {
        if (context.stop.aborted) resolve();
        context.stop.addEventListener('abort', () => resolve(), { once: true });
      });
      await fake.close();
      finish(0);
    });
}
