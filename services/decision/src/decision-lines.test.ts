import type { SignalRequest } from '@pokewatch/contracts';
import { HttpProblem, LinesBody } from '@pokewatch/http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecisionLines } from './decision-lines.ts';

const read = (bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as unknown;
const body = (questions: readonly string[]) => new LinesBody(Buffer.from(questions.join('\n'), 'utf8'), read);
const question = (market_price: number, flag = 'é – “γ”') =>
  JSON.stringify({ market_price, fair_price: 2, flags: [flag] } satisfies SignalRequest);

function lines(kept_bytes?: number) {
  let made = 0;
  const decide = ({ market_price, flags }: SignalRequest) => {
    made += 1;
    return Buffer.from(`${market_price} ${flags}\n`, 'utf8');
  };
  const of = new DecisionLines(decide, kept_bytes);
  return { of, made: () => made };
}

test.each([0, 100, 1_000_000])('with room for %d bytes every line is the decision on its question', (kept_bytes) => {
  const { of } = lines(kept_bytes);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('a', 'é', '“γ”'))), (asked) => {
      const answers = of.answers(body(asked.map(([price, flag]) => question(price, flag))));
      expect(answers.map(String)).toEqual(asked.map(([price, flag]) => `${price} ${flag}\n`));
    }),
  );
});

test('a decision that was kept is not made again, and a question that differs in a byte is another', () => {
  const { of, made } = lines();
  for (let i = 0; i < 3; i++) of.answers(body([question(1), question(2), question(1)]));
  expect(made()).toBe(2);
  of.answers(body([`${question(1)} `]));
  expect(made()).toBe(3);
});

test('a question that does not fit is refused with its place, however often the others were asked', () => {
  const { of } = lines();
  of.answers(body([question(1)]));
  for (let i = 0; i < 2; i++) {
    const refused = () => of.answers(body([question(1), '{"market_price":1,"fair_price":-2}']));
    expect(refused).toThrow(HttpProblem);
    expect(refused).toThrow('/1/fair_price');
  }
});

test('more questions than a batch takes are refused', () => {
  const { of } = lines();
  expect(of.answers(body(Array(500).fill(question(1))))).toHaveLength(500);
  expect(() => of.answers(body(Array(501).fill(question(1))))).toThrow('at most 500');
});
