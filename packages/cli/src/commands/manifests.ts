import { EXIT } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

interface Options {
  write?: boolean;
  check?: boolean;
}

/** `pokewatch manifests`, for developers: `k8s/`, which Helm makes from the chart. */
export function addManifests(program: Command, context: Context, finish: Finish): void {
  program
    .command('manifests', { hidden: true })
    .description('write or check the files in k8s/, which Helm makes from the chart')
    .option('--write', 'write them')
    .option('--check', 'say which are out of date, and end with 1 when one is')
    .addHelpText('after', '\nNeeds Helm 4, on the PATH or named by HELM.')
    .action(async ({ write = false, check = false }: Options) => {
      if (write === check) throw new PokewatchError('bad_usage', 'manifests takes either --write or --check');
      const { manifestPages } = await import('../docs/chart/manifests.ts');
      const { stalePages, writePages } = await import('../docs/pages.ts');
      const stale = stalePages(context.root, manifestPages(context.root, context.env.HELM || 'helm'));
      if (write) writePages(context.root, stale);
      for (const { path } of stale)
        context.out(`${path} ${write ? 'written' : 'is out of date; run `npm run pokewatch -- manifests --write`'}`);
      if (stale.length === 0) context.out('k8s/ is up to date');
      finish(check && stale.length > 0 ? EXIT.failed : EXIT.ok);
    });
}
