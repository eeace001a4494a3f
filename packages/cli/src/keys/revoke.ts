import { revokeKey } from '@pokewatch/keys';
import type { Context } from '../context.ts';
import { changeKeys } from './change.ts';
import { shownKey } from './shown.ts';

/** Revokes a key and says so. @throws bad_usage when there is no such key. */
export async function endKey(context: Context, id: string, json: boolean): Promise<void> {
  const now = context.clock().now();
  const { record, already } = await changeKeys(context, (records) => revokeKey(records, id, now));
  if (json) context.out(JSON.stringify(shownKey(record), null, 2));
  else if (already) context.out(`Key ${record.id} (${record.name}) was revoked at ${record.revoked_at}`);
  else context.out(`Key ${record.id} (${record.name}) is revoked; running services refuse it within seconds`);
}
