import { HttpProblem } from '@pokewatch/http';
import { expect, test } from 'vitest';
import { predict } from './predict.ts';
import { PredictionLines } from './prediction-lines.ts';
import { servingModel } from './serving-model.ts';
import { SAMPLE_CHAMPION, sampleModel } from './testing/sample-model.ts';

const model = servingModel(sampleModel({ days: 6 }), SAMPLE_CHAMPION);
const EXPLAINS = ['short', 'full', 'none'] as const;
const requests = ['alpha', 'beta', 'gamma', 'x'].flatMap((card_id) =>
  EXPLAINS.flatMap((explain) => [undefined, '2026-04-18', '2026-04-19'].map((date) => ({ card_id, explain, date }))),
);

test.each([0, 5000, 1_000_000])('with room for %d bytes every line is the prediction', (kept_bytes) => {
  const lines = new PredictionLines(model, undefined, kept_bytes);
  for (const request of [...requests, ...requests.toReversed(), ...requests]) {
    const line = lines.line(request);
    const expected = predict(model, request);
    if (expected instanceof HttpProblem) expect(line).toMatchObject({ code: expected.code, message: expected.message });
    else expect(JSON.parse(String(line))).toEqual(expected);
  }
});

test('a line that was kept is not made again', () => {
  const lines = new PredictionLines(model);
  expect(lines.line({ card_id: 'alpha' })).toBe(lines.line({ card_id: 'alpha', date: '2026-04-20', explain: 'short' }));
  const forgetful = new PredictionLines(model, undefined, 0);
  const first = forgetful.line({ card_id: 'alpha' });
  for (const card_id of ['beta', 'gamma']) forgetful.line({ card_id });
  expect(forgetful.line({ card_id: 'alpha' })).not.toBe(first);
});
