import type { Context } from '../context.ts';
import { signalTable, tableHeading } from '../screen/signal-table.ts';
import { openAnswers } from './answers.ts';
import { byDeviation, ofInterest } from './choose.ts';

interface Asked {
  /** Thresholds for this time only; fractions. */
  readonly buy?: number;
  readonly sell?: number;
  /** Every card, not only those of the watch-list. */
  readonly all: boolean;
  readonly json: boolean;
}

/** Prints the watched cards (or all), the most underpriced first. @throws nothing_to_do without a model, bad_data_file */
export async function printSignals(context: Context, asked: Asked): Promise<void> {
  const settings = context.settings();
  const buy_threshold_pct = asked.buy ?? settings.POKEWATCH_BUY_THRESHOLD_PCT;
  const sell_threshold_pct = asked.sell ?? settings.POKEWATCH_SELL_THRESHOLD_PCT;
  const answers = await openAnswers({
    ...settings,
    POKEWATCH_BUY_THRESHOLD_PCT: buy_threshold_pct,
    POKEWATCH_SELL_THRESHOLD_PCT: sell_threshold_pct,
  });
  try {
    const served = await answers.all(asked.json ? 'short' : 'none');
    const cards = byDeviation(asked.all ? served : ofInterest(context, served));
    const { version, source, simulated, horizon_days, last_date } = answers.manifest;
    if (asked.json) {
      const about = { date: last_date, source, simulated, model_version: version, horizon_days };
      context.out(
        JSON.stringify({ ...about, served: served.length, buy_threshold_pct, sell_threshold_pct, cards }, null, 2),
      );
    } else {
      const lines = [...tableHeading(cards, answers.manifest, context), '', ...signalTable(cards, context)];
      if (cards.length < served.length)
        lines.push(`${served.length - cards.length} cards beside the watch-list: --all`);
      for (const line of lines) context.out(line);
    }
  } finally {
    await answers.close();
  }
}
