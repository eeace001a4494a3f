import type { ModelTerm, PartGroup, ValueForm } from '@pokewatch/contracts';

/** What stays in a log of daily moves when there is none. */
const MOVE_FLOOR = 0.002;

const GROUPS: Readonly<Record<PartGroup, { readonly text: string; readonly of: string; readonly none: string }>> = {
  market: {
    text: 'where the whole market is heading',
    of: 'of the market',
    none: 'nothing known of the market',
  },
  set: {
    text: 'where its set is heading against the market',
    of: 'of the set',
    none: 'nothing known of the set',
  },
  listings: { text: 'what the open listings ask', of: 'of the listings', none: 'no listings' },
  own: { text: 'how its own price moved', of: 'of its own price', none: 'no price history' },
};

/** What a group speaks of. */
export function sayGroup(group: PartGroup): string {
  return GROUPS[group].text;
}

/** The terms of a group that are not told one by one, beside `told` that are. */
export function sayOthers(group: PartGroup, terms: number, told: number): string {
  return `${terms} ${told > 0 ? 'other' : 'small'} terms ${GROUPS[group].of}`;
}

/** Inputs of a group that were not known, `missing` of `all`. */
export function sayMissing(group: PartGroup, missing: number, all: number): string {
  const { of, none } = GROUPS[group];
  const terms = `${all} ${all === 1 ? 'term' : 'terms'}`;
  return missing === all ? `${none}: ${terms}` : `${missing} of ${terms} ${of} not known`;
}

/** What is usual of a term, in the words that follow its value. */
export function sayUsual({ form, usual }: ModelTerm): string {
  return usual === null ? '' : `, normally ${sayValue(form, usual)}`;
}

/** A term with its value, in plain words; `usual` are the words of `sayUsual`. */
export function sayTerm({ text, form }: ModelTerm, value: number | null, usual: string): string {
  return value === null ? `${text}: not known` : `${text}: ${sayValue(form, value)}${usual}`;
}

function sayValue(form: ValueForm, value: number): string {
  switch (form) {
    case 'change':
      return percent(Math.expm1(value), true);
    case 'share':
      return percent(value, false);
    case 'daily_move':
      return percent(Math.max(0, Math.exp(value) - MOVE_FLOOR), false);
    case 'price':
      return Math.exp(value).toFixed(2);
    case 'times':
      return `${short(Math.exp(value))} times`;
    case 'number':
      return short(value);
    case 'days': {
      const days = Math.round(value);
      return days === 1 ? '1 day' : `${days} days`;
    }
  }
}

/** The smaller, the more decimals: 12 %, 3.1 %, 0.25 %. */
function percent(fraction: number, signed: boolean): string {
  const size = Math.abs(fraction);
  const text = (fraction * 100).toFixed(size >= 0.0995 ? 0 : size >= 0.00995 ? 1 : 2);
  const number = Number(text) === 0 ? '0' : text;
  return `${signed && Number(text) > 0 ? '+' : ''}${number} %`;
}

function short(value: number): string {
  const text = value.toFixed(Math.abs(value) >= 9.95 ? 0 : Math.abs(value) >= 0.995 ? 1 : 2);
  return Number(text) === 0 ? '0' : text;
}
