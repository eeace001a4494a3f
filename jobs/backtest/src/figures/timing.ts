import type { FlipFigures, QuestionFigures, TimingFigures } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { meanFigure } from '@pokewatch/evaluation';
import { netOfFees } from '@pokewatch/signals';
import { medianSorted } from 'simple-statistics';
import { changeOf, type Returns, shareOf } from './change.ts';
import { BUY_ANSWERS, type FlipDecisions, SELL_ANSWERS } from './decisions.ts';
import type { Subject } from './subject.ts';

const STRENGTHS = [0, 0.2, 0.4, 0.6, 1] as const;

/** The verdicts of a span of epoch days, judged against doing it today. */
export function timingFigures(
  subject: Subject,
  span: { readonly window: string; readonly from_day: number; readonly to_day: number },
  of: readonly number[] = subject.judged,
): TimingFigures {
  const { outcomes, decisions, predictions } = subject;
  const { day } = outcomes;
  const rows = of.filter((row) => day[row]! >= span.from_day && day[row]! <= span.to_day && scored(subject, row));
  const returns = { realised: outcomes.realised, day, block_days: outcomes.horizon_days };
  const above = rows.filter((row) => decisions.above[row] === 1);
  const at_market = rows.filter((row) => decisions.above[row] === 0);
  const from_listing: Returns = {
    ...returns,
    realised: Float64Array.from(
      decisions.at,
      (at, row) => outcomes.realised[row]! + Math.log(predictions.market[row]! / at),
    ),
  };
  const buyer = (row: number) => BUY_ANSWERS[decisions.buy[row]!]!;
  const seller = (row: number) => SELL_ANSWERS[decisions.sell[row]!]!;
  return {
    window: span.window,
    from: dayFromEpoch(span.from_day),
    to: dayFromEpoch(span.to_day),
    cards: new Set(rows.map((row) => outcomes.card[row]!)).size,
    base: changeOf(returns, rows),
    // A buyer who waits saves what the price falls; an owner who keeps earns what it rises.
    buy: question(returns, at_market, {
      answers: ['now', 'either', 'wait'],
      answer: buyer,
      strength: decisions.buy_strength,
      later: 'wait',
      gain: -1,
    }),
    sell: question(returns, rows, {
      answers: ['now', 'either', 'later'],
      answer: seller,
      strength: decisions.sell_strength,
      later: 'later',
      gain: 1,
    }),
    listing_above: {
      n: above.length,
      share: rows.length === 0 ? null : above.length / rows.length,
      answers: answersOf(from_listing, above, ['now', 'either', 'wait'], buyer),
    },
    both_now: rows.filter((row) => buyer(row) === 'now' && seller(row) === 'now').length,
    flips: decisions.flips.flatMap((flip) => flipFigures(subject, flip, rows)),
  };
}

function scored({ outcomes }: Subject, row: number): boolean {
  return Number.isFinite(outcomes.realised[row]!);
}

interface Question {
  readonly answers: readonly string[];
  readonly answer: (row: number) => string;
  readonly strength: Float32Array;
  /** The answer that means not today. */
  readonly later: string;
  /** 1 where a rise is good for whoever waits, −1 where a fall is. */
  readonly gain: 1 | -1;
}

function question(returns: Returns, rows: readonly number[], asked: Question): QuestionFigures {
  const change = (row: number) => asked.gain * Math.expm1(returns.realised[row]!);
  const mean = (value: (row: number) => number) => meanFigure(returns.day, rows, value, returns.block_days);
  return {
    answers: answersOf(returns, rows, asked.answers, asked.answer),
    followed: mean((row) => (asked.answer(row) === asked.later ? change(row) : 0)),
    later: mean(change),
    strengths: asked.answers
      .filter((answer) => answer !== 'either')
      .flatMap((answer) =>
        STRENGTHS.slice(1).map((to, i) => {
          const from = STRENGTHS[i]!;
          const inside = rows.filter((row) => {
            const strength = asked.strength[row]!;
            return asked.answer(row) === answer && strength >= from && (strength < to || to === 1);
          });
          return { answer, from, to, ...changeOf(returns, inside) };
        }),
      ),
  };
}

function answersOf(
  returns: Returns,
  rows: readonly number[],
  answers: readonly string[],
  answer_of: (row: number) => string,
) {
  return answers.map((answer) => {
    const said = rows.filter((row) => answer_of(row) === answer);
    return {
      answer,
      share: rows.length === 0 ? null : said.length / rows.length,
      ...changeOf(returns, said),
    };
  });
}

function flipFigures({ outcomes, decisions }: Subject, flip: FlipDecisions, rows: readonly number[]): FlipFigures[] {
  const earned = (row: number) =>
    netOfFees(outcomes.market[row]! * Math.exp(outcomes.realised[row]!), flip.fees) / decisions.at[row]! - 1;
  return (['yes', 'no'] as const).map((answer) => {
    const said = rows.filter((row) => Number.isFinite(flip.net[row]!) && flip.yes[row] === (answer === 'yes' ? 1 : 0));
    const sorted = said.map(earned).sort((a, b) => a - b);
    return {
      fees: flip.fees.profile,
      answer,
      n: said.length,
      promised: said.length === 0 ? null : said.reduce((sum, row) => sum + flip.net[row]!, 0) / said.length,
      earned: meanFigure(outcomes.day, said, earned, outcomes.horizon_days),
      median: sorted.length === 0 ? null : medianSorted(sorted),
      won: shareOf(said, (row) => earned(row) > 0),
    };
  });
}
