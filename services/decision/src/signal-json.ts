import type { SignalResponse, Verdicts } from '@pokewatch/contracts';

/**
 * An answer as JSON, with the fields in the order of their schema. Written out, because a writer made from the schema takes
 * half as long again, and this is what the service does most.
 */
export function signalJson({ signal, deviation_pct, market_price, fair_price, verdicts }: SignalResponse): string {
  const prices = `"market_price":${market_price},"fair_price":${fair_price}`;
  const verdictsPart = verdicts === undefined ? '' : `,"verdicts":${verdictsJson(verdicts)}`;
  return `{"signal":"${signal}","deviation_pct":${deviation_pct},${prices}${verdictsPart}}`;
}

function verdictsJson({ buy, sell, flip }: Verdicts): string {
  const net = `"net_pct":${flip.net_pct},"fees":"${flip.fees}"`;
  return `{"buy":{${common(buy)},${text(buy)}},"sell":{${common(sell)},${text(sell)}},"flip":{${common(flip)},${net},${text(flip)}}}`;
}

function common({ answer, strength, holds_to, at }: Verdicts['buy'] | Verdicts['sell'] | Verdicts['flip']): string {
  return `"answer":"${answer}","strength":${strength},"holds_to":${holds_to},"at":${at}`;
}

function text(verdict: { readonly text: string }): string {
  return `"text":${JSON.stringify(verdict.text)}`;
}
