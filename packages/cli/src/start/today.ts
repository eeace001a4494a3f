import { openAnswers } from '../answers/answers.ts';
import { byDeviation, ofInterest, strongest } from '../answers/choose.ts';
import type { Context } from '../context.ts';
import { signalTable, tableHeading } from '../screen/signal-table.ts';

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
 * The table of today's signals, one line a card: the watch-list, or what is served when none of it is; of very many
 * cards the ones farthest from their fair price.
 * @throws nothing_to_do without a model, bad_data_file when it is damaged.
 */
export async function readToday(context: Context): Promise<Today> {
  const answers = await openAnswers(context.settings());
  try {
    const all = await answers.all('none');
    const wanted = ofInterest(context, all);
    const shown = byDeviation(wanted.length > ALL_UP_TO ? strongest(wanted, SHOWN) : wanted);
    const lines = ['', ...tableHeading(wanted, answers.manifest, context), '', ...signalTable(shown, context)];
    if (shown.length < wanted.length) {
      const calls = wanted.filter((answer) => answer.signal !== 'HOLD').length;
      lines.push(
        `These ${shown.length} are the farthest from their fair price; ${calls} of ${wanted.length} are BUY or SELL.`,
      );
    }
    if (shown.length < all.length) {
      lines.push(`${all.length - shown.length} more cards are served: npm run pokewatch -- signals --all`);
    }
    return { lines, example: shown[0]?.card_id ?? '' };
  } finally {
    await answers.close();
  }
}
