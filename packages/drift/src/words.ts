import type { Drift, DriftTable, Paused } from '@pokewatch/contracts';
import { DRIFT_METHODS } from '@pokewatch/evaluation';

type Found = Pick<Drift, 'data' | 'predictions' | 'pause'>;

/**
 * Why signals pause: too large a share of the columns of prices or of predictions drifted, or one of the prices moved by too many
 * standard deviations. Null where neither is so.
 */
export function driftPause({ data, predictions, pause }: Found): Paused | null {
  const farthest = data.drift_by_columns
    .filter(({ stattest_name }) => stattest_name === DRIFT_METHODS.wasserstein.title)
    .toSorted((a, b) => b.drift_score! - a.drift_score!)[0];
  const { from, to } = data.current;
  if (pause.distance > 0 && farthest !== undefined && farthest.drift_score! >= pause.distance)
    return {
      code: 'drift',
      text: `No advice: prices from ${from} to ${to} are far from those before (${farthest.column_name} by ${farthest.drift_score!.toFixed(1)} standard deviations).`,
    };
  for (const [what, table] of [
    ['prices', data],
    ['predictions', predictions],
  ] as const) {
    if (pause.share === 0 || table === null || table.number_of_columns === 0) continue;
    if (table.share_of_drifted_columns < pause.share) continue;
    const { number_of_drifted_columns: drifted, number_of_columns: columns } = table;
    return {
      code: 'drift',
      text: `No advice: ${what} from ${from} to ${to} differ from before in ${drifted} of ${columns} columns.`,
    };
  }
  return null;
}

/** What a person should do about it, a sentence each. */
export function driftAdvice({ data, predictions, paused }: Omit<Drift, 'kind'>): string[] {
  const drifted = (table: DriftTable | null) =>
    table === null
      ? []
      : table.drift_by_columns.filter((column) => column.drift_detected).map((column) => column.column_name);
  const names = drifted(data);
  const said = drifted(predictions);
  const has = (...wanted: readonly string[]) => wanted.some((name) => names.includes(name));
  const lines: string[] = [];
  if (paused !== null)
    lines.push(
      'Signals are paused: every answer is HOLD with the reason until a version is trained whose days look like before, or until POKEWATCH_PAUSE_DRIFT_DISTANCE or POKEWATCH_PAUSE_DRIFT_SHARE is raised and `pokewatch drift` is run again. First find out which of the causes below it is.',
    );
  if (names.length === 0 && said.length === 0)
    return [...lines, 'Nothing has to be done: the newest days look like those before.'];
  if (has('listed'))
    lines.push(
      'Listings: how many cards have any changed. Look at the collector’s last run reports: a source may have stopped giving low and median listings.',
    );
  if (has('gap_mid', 'gap_low', 'spread', 'gap_mid_vs_set'))
    lines.push(
      'Listings against market prices changed. Compare a few cards with the source by hand; if the source is right, train again and look at coverage and MAPE of `pokewatch kpis`.',
    );
  if (has('price'))
    lines.push(
      'The level of prices changed. Look for another currency or printing, and for cards that were added or left out, in the notes of the last preprocess.',
    );
  if (has('ret_3', 'ret_7', 'ret_30', 'vol_30', 'mid_ret_14', 'low_ret_14'))
    lines.push(
      'Prices move otherwise than on average before. In a market that rises or falls for weeks that is usual and no fault; look whether coverage in `pokewatch kpis` stays near 80 %.',
    );
  if (said.includes('speaker'))
    lines.push('Another model speaks than before: look at the report of the last train for why.');
  if (said.some((name) => name !== 'speaker'))
    lines.push(
      'Predictions changed with the data or with the model. If the data did not drift, look at the last train: another model or other settings may serve.',
    );
  return lines;
}
