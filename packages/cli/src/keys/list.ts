import { keyPlace } from '@pokewatch/keys';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';
import { shownKey } from './shown.ts';

/** Prints all keys that were ever made, without hashes. @throws bad_data_file, storage */
export async function listKeys(context: Context, json: boolean): Promise<void> {
  const settings = context.settings();
  const { path, load } = await keyPlace(settings);
  const found = await load();
  const keys = (found === 'unchanged' ? [] : (found ?? [])).map(shownKey);
  const plain = settings.API_KEYS.length;
  if (json) {
    context.out(JSON.stringify({ path, asked_for: settings.AUTH_ENABLED, plain, keys, count: keys.length }, null, 2));
    return;
  }
  if (keys.length > 0) {
    const titles = ['id', 'name', 'scopes', 'made', 'state'].map((title) => ({ title }));
    const rows = keys.map(({ id, name, scopes, created_at, revoked_at }) => [
      id,
      name,
      scopes.join(', '),
      created_at.slice(0, 10),
      revoked_at === null ? 'good' : `revoked ${revoked_at.slice(0, 10)}`,
    ]);
    for (const line of tableLines(titles, rows)) context.out(line);
  }
  context.out(
    `${keys.length} keys in ${path}${plain === 0 ? '' : `, and ${plain} in API_KEYS that may do everything`}`,
  );
  if (!settings.AUTH_ENABLED) context.out('Nobody is asked for a key: AUTH_ENABLED is false');
}
