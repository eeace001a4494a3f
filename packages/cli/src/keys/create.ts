import type { KeyScope } from '@pokewatch/contracts';
import { createKey } from '@pokewatch/keys';
import type { Context } from '../context.ts';
import { changeKeys } from './change.ts';
import { shownKey } from './shown.ts';

interface Wanted {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly json: boolean;
}

/** Makes a key and prints it; nothing can print it again. */
export async function makeKey(context: Context, { name, scopes, json }: Wanted): Promise<void> {
  const now = context.clock().now();
  const { record, text, path } = await changeKeys(context, (records) => createKey(records, { name, scopes, now }));
  if (json) {
    context.out(JSON.stringify({ ...shownKey(record), key: text }, null, 2));
    return;
  }
  context.err(
    `Key ${record.id} for ${record.name}: ${record.scopes.join(', ')}. ${path} holds its hash only: keep it now.`,
  );
  context.out(text);
  if (!context.settings().AUTH_ENABLED)
    context.err('Nobody is asked for a key yet: set AUTH_ENABLED=true for the gateway and the model service.');
}
