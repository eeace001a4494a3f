import { openAnswers } from '../answers/answers.ts';
import type { Context } from '../context.ts';
import { byDeviation, signalTable, strongest, tableHeading } from '../screen/signal-table.ts';

/** More cards than this are too many to look at; then the strongest `SHOWN` are shown. */
const ALL_UP_TO = 60;
const SHOWN = 40;

/** Today's signals. */
export interface Today {
  readonly lines: readonly string[];
  /** The first card of the table, for examples. */
  readonly example: string;
}

/**
 * The table of today's signals, one line a card; of very many cards, the ones farthest from their fair price.
 * @throws nothing_to_do without a model, bad_data_file when it is damaged.
 */
export async function readToday(context: Context): Promise<Today> {
  const answers = await openAnswers(context.settings());
  try {
    const all = await answers.all();
    const shown = byDeviation(all.length > ALL_UP_TO ? strongest(all, SHOWN) : all);
    const lines = ['', ...tableHeading(all, answers.manifest, context), '', ...signalTable(shown, context)];
    if (shown.length < all.length) {
      const signals = all.filter((answer) => answer.signal !== 'HOLD').length;
      lines.push(
        `and ${all.length - shown.length} more; these are the farthest from their fair price. ${signals} of all are BUY or SELL.`,
        'All of them: npm run pokewatch -- signals',
      );
    }
    return { lines, example: shown[0]?.card_id ?? '' };
  } finally {
    await answers.close();
  }
}
