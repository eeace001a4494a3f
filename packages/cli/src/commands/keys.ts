import { KEY_SCOPES, type KeyScope } from '@pokewatch/contracts';
import type { Command } from 'commander';
import { wordsOf } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { keyName } from '../keys/name.ts';

/** `pokewatch keys`, `keys create` and `keys revoke` */
export function addKeys(program: Command, context: Context, finish: Finish): void {
  const keys = program
    .command('keys')
    .description('make, list and revoke API keys of the gateway')
    .addHelpText(
      'after',
      `
Only hashes are stored. Running services follow within seconds. Scopes, none of which implies another:
  read    one fair price at a time, cards, model, KPIs
  batch   many fair prices at once
  admin   reload the model service

Examples:
  pokewatch keys create --name shop --scopes read,batch
  pokewatch keys revoke 3f9a1c2e`,
    );

  keys
    .command('list', { isDefault: true })
    .description('list the keys, without their secrets (default)')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  pokewatch keys list --json')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { listKeys } = await import('../keys/list.ts');
      await listKeys(context, json);
      finish(0);
    });

  keys
    .command('create')
    .description('make a key, and print it this once')
    .requiredOption('--name <name>', 'whom or what it is for', keyName)
    .option('--scopes <list>', `what it may do: ${KEY_SCOPES.join(', ')}`, wordsOf(KEY_SCOPES), ['read'] as KeyScope[])
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Standard output has the key and nothing else.

Examples:
  pokewatch keys create --name shop --scopes read,batch
  pokewatch keys create --name pipeline --scopes admin --json`,
    )
    .action(async ({ name, scopes, json = false }: { name: string; scopes: KeyScope[]; json?: boolean }) => {
      const { makeKey } = await import('../keys/create.ts');
      await makeKey(context, { name, scopes, json });
      finish(0);
    });

  keys
    .command('revoke')
    .description('make a key useless for good')
    .argument('<id>', 'id of the key, as `keys list` shows it')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  pokewatch keys revoke 3f9a1c2e')
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      const { endKey } = await import('../keys/revoke.ts');
      await endKey(context, id, json);
      finish(0);
    });
}
