import type { Context } from '../context.ts';
import { byDeviation, signalTable, tableHeading } from '../screen/signal-table.ts';
import { openAnswers } from './answers.ts';

/** Thresholds for this time only; fractions. */
interface Thresholds {
  readonly buy?: number;
  readonly sell?: number;
}

/** Prints every card, the most underpriced first. @throws nothing_to_do without a model, bad_data_file */
export async function printSignals(context: Context, thresholds: Thresholds, json: boolean): Promise<void> {
  const settings = context.settings();
  const buy_threshold_pct = thresholds.buy ?? settings.POKEWATCH_BUY_THRESHOLD_PCT;
  const sell_threshold_pct = thresholds.sell ?? settings.POKEWATCH_SELL_THRESHOLD_PCT;
  const answers = await openAnswers({
    ...settings,
    POKEWATCH_BUY_THRESHOLD_PCT: buy_threshold_pct,
    POKEWATCH_SELL_THRESHOLD_PCT: sell_threshold_pct,
  });
  try {
    const cards = byDeviation(await answers.all());
    const { version, source, simulated, horizon_days, last_date } = answers.manifest;
    if (json) {
      const about = { date: last_date, source, simulated, model_version: version, horizon_days };
      context.out(JSON.stringify({ ...about, buy_threshold_pct, sell_threshold_pct, cards }, null, 2));
    } else {
      const lines = [...tableHeading(cards, answers.manifest, context), '', ...signalTable(cards, context)];
      for (const line of lines) context.out(line);
    }
  } finally {
    await answers.close();
  }
}
