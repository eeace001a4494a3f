import type { ModelCurves, ModelTerm, TermCurve } from '@pokewatch/contracts';
import type { FittedModel } from './forecaster.ts';
import { medianInPlace } from './median.ts';
import { hasMarket } from './panel.ts';
import type { ReadableCurve } from './point-curves.ts';
import type { Speaker } from './predictions.ts';
import type { TermStore } from './term-store.ts';
import { TERMS } from './terms/catalogue.ts';
import { termWords } from './terms/words.ts';

/** Usual values are medians over at most so many cards, on every so many days. */
const USUAL_CARDS = 500;
const USUAL_STEP_DAYS = 14;

/** Heights are published with ten decimals: a hundredth of what an explanation shows. */
const HEIGHT_DECIMALS = 1e10;

/** The name of who speaks, as it stands in answers. */
export function speakerName(model: string, speaker: Speaker): string {
  if (speaker === 'naive') return 'naive';
  return speaker === 'full' ? model : `${model}-${speaker}`;
}

/** The curves of a fitted model by who speaks, before the model has its name. */
export interface UnnamedCurves extends Pick<ModelCurves, 'horizon_days' | 'restlessness' | 'terms'> {
  readonly speakers: readonly { readonly speaker: Speaker; readonly curves: TermCurve[] }[];
}

/** The curves of a model as they are published under its name. */
export function namedCurves({ speakers, ...rest }: UnnamedCurves, model: string): Omit<ModelCurves, 'model_version'> {
  return {
    model,
    ...rest,
    speakers: speakers.map(({ speaker, curves }) => ({ model: speakerName(model, speaker), curves })),
  };
}

/**
 * Everything that turns term values into a fair price, in a form that can be read and followed by hand. Knots that were
 * placed in single precision are written with the fewest decimals that mean the same.
 */
export function modelCurves(fitted: FittedModel, store: TermStore): UnnamedCurves {
  const { restlessness, speakers } = fitted.curves();
  const inputs = new Map<string, ReadableCurve>();
  for (const { curves } of speakers)
    for (const curve of curves) if (!inputs.has(curve.name)) inputs.set(curve.name, curve);
  const usual = usualValues(store, [...inputs.keys()]);
  const terms = [...inputs.values()].map(
    ({ name, group, definition, unit }): ModelTerm => ({
      term: name,
      group,
      ...termWords({ definition, unit }),
      definition,
      unit,
      usual: usual.get(name) ?? null,
    }),
  );
  return {
    horizon_days: fitted.horizon_days,
    restlessness,
    terms,
    speakers: speakers.map(({ speaker, curves }) => ({
      speaker,
      curves: curves.map(({ name, scaled, knots, heights }) => ({
        term: name,
        scaled,
        knots: knots.map(shortest),
        heights: heights.map((height) => Math.round(height * HEIGHT_DECIMALS) / HEIGHT_DECIMALS),
      })),
    })),
  };
}

/** The number with the fewest decimals that is the same in single precision; other numbers as they are. */
export function shortest(value: number): number {
  if (Math.fround(value) !== value) return value;
  // Eight digits tell most of them apart, nine all; zeros at the end fall away.
  const short = Number(value.toPrecision(8));
  return Math.fround(short) === value ? short : Number(value.toPrecision(9));
}

/** The median of each term over all of the store's days, from a sample of them; none where it is never known. */
function usualValues(store: TermStore, names: readonly string[]): Map<string, number> {
  const { panel } = store;
  const step = Math.ceil(panel.cards.length / USUAL_CARDS);
  const cards: number[] = [];
  const days: number[] = [];
  for (let day = panel.days - 1; day >= 0; day -= USUAL_STEP_DAYS) {
    for (let card = 0; card < panel.cards.length; card += step) {
      if (!hasMarket(panel, card, panel.first_day + day)) continue;
      cards.push(card);
      days.push(day);
    }
  }
  const positions = TERMS.flatMap((term, position) => (names.includes(term.name) ? [position] : []));
  const table = store.table(Int32Array.from(cards), Int32Array.from(days), positions);
  const usual = new Map<string, number>();
  for (const position of positions) {
    const known = Float64Array.from(table.columns[position]!).filter((value) => !Number.isNaN(value));
    if (known.length > 0) usual.set(TERMS[position]!.name, shortest(Math.fround(medianInPlace(known, known.length))));
  }
  return usual;
}
