import { argv } from 'node:process';
import { explainedTerms } from '../../jobs/train/src/explained-terms.ts';
import { predictionTable } from '../../jobs/train/src/prediction-rows.ts';
import { madeFrom } from '../../jobs/train/src/publish.ts';
import {
  DEFAULT_FORECASTER,
  forecasterNamed,
  lastDay,
  modelCurves,
  namedCurves,
  TermStore,
} from '../../packages/fair-value/src/index.ts';
import { currentFeatures, publishModel, readPanel } from '../../packages/store/src/index.ts';
import { CardTermsBuilder } from '../../packages/walk-forward/src/card-terms.ts';
import { step } from './steps.ts';

/**
 * From features to today's published predictions of all cards, with bands, chances and explanations:
 * `model-steps.ts FOLDER`. What `train` does after its walk; the errors that bands learn from come from three earlier
 * fits instead. Prints a line of JSON a step.
 */

const HORIZON_DAYS = 14;
const root = argv[2]!;
const features = currentFeatures(root)!;
const all = () => features.rows;

const panel = await step('read panel', () => readPanel(root, features), all);
const terms = new TermStore(panel);
await step('medians', () => terms.crossSection, all);
const fitted = await step(
  'fit, bands',
  () =>
    forecasterNamed(DEFAULT_FORECASTER).fit(panel, { as_of_day: lastDay(panel), horizon_days: HORIZON_DAYS, terms }),
  all,
);
const explained = new CardTermsBuilder();
const latest = await step(
  'predict today',
  () => fitted.newestEach(panel, (one) => explained.add(one), terms),
  (predictions) => predictions.rows,
);
await step(
  'publish',
  () => {
    const table = predictionTable({ panel, flags: panel.flags, model: fitted.name, walked: [], latest });
    const curves = namedCurves(modelCurves(fitted, terms), fitted.name);
    return publishModel(root, {
      manifest: {
        ...madeFrom(features),
        version: 'bench',
        model: fitted.name,
        horizon_days: HORIZON_DAYS,
        metrics: {},
        gate: { passed: false, checks: [], notes: [] },
      },
      table,
      terms: explainedTerms(panel, table, explained.columns(), curves),
      curves,
      extras: {},
    });
  },
  () => latest.rows,
);
