import { EXIT } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

interface Options {
  write?: boolean;
  check?: boolean;
}

/** `pokewatch docs`, for developers: the pages that are made from the code. */
export function addDocs(program: Command, context: Context, finish: Finish): void {
  program
    .command('docs', { hidden: true })
    .description('write or check the pages that are made from the code')
    .option('--write', 'write them')
    .option('--check', 'say which are out of date, and end with 1 when one is')
    .addHelpText('after', '\nExamples:\n  pokewatch docs --write\n  pokewatch docs --check')
    .action(async ({ write = false, check = false }: Options) => {
      if (write === check) throw new PokewatchError('bad_usage', 'docs takes either --write or --check');
      const { generatedPages, stalePages, writePages } = await import('../docs/pages.ts');
      const pages = await generatedPages(context, program);
      const stale = stalePages(context.root, pages);
      if (write) writePages(context.root, stale);
      for (const { path } of stale)
        context.out(`${path} ${write ? 'written' : 'is out of date; run `npm run pokewatch -- docs --write`'}`);
      if (stale.length === 0) context.out(`${pages.length} pages are up to date`);
      finish(check && stale.length > 0 ? EXIT.failed : EXIT.ok);
    });
}
