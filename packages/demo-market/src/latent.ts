import { DEMO, tierOf } from './parameters.ts';
import { hashText, normalAt, uniformAt } from './random.ts';

/** A card of the simulated market. `level` is its usual price. */
export interface DemoCard {
  readonly id: string;
  readonly set: string;
  readonly printing: string;
  readonly level: number;
}

/** A sum of AR(1) returns and the returns themselves, one a day. */
interface Drift {
  readonly level: Float64Array;
  readonly momentum: Float64Array;
}

/** What stands behind the quotes of one card, one figure a day; logs. */
export interface CardLatent {
  readonly own: Float64Array;
  readonly pressure: Float64Array;
  readonly value: Float64Array;
}

/** The hidden state of the whole market: day `i` of every array is epoch day `first_day + i`. */
export interface MarketLatent {
  readonly first_day: number;
  readonly days: number;
  readonly cycle_phase: number;
  readonly market: Drift;
  readonly sets: ReadonlyMap<string, Drift>;
  readonly cards: ReadonlyMap<string, CardLatent>;
}

const DAY_MS = 86_400_000;

/** The first epoch day of the simulated market. */
export const FIRST_DAY = Date.parse(`${DEMO.first_day}T00:00:00Z`) / DAY_MS;

/** Simulates the hidden state up to the epoch day `last_day`. Earlier days do not depend on `last_day`. */
export function simulateLatent(seed: string, cards: readonly DemoCard[], last_day: number): MarketLatent {
  const days = last_day - FIRST_DAY + 1;
  const cycle_phase = uniformAt(hashText(`${seed}|cycle`), 0);
  const market = drift(hashText(`${seed}|market`), days, DEMO.market);
  const sets = new Map<string, Drift>();
  for (const { set } of cards) {
    if (!sets.has(set)) sets.set(set, drift(hashText(`${seed}|set|${set}`), days, DEMO.set));
  }
  const latent = new Map<string, CardLatent>();
  for (const card of cards) {
    const { own, pressure } = ownPart(seed, card, days);
    const setLevel = sets.get(card.set)!.level;
    const value = Float64Array.from(own, (part, day) => {
      return Math.log(card.level) + cycleAt(cycle_phase, FIRST_DAY + day) + market.level[day]! + setLevel[day]! + part;
    });
    latent.set(card.id, { own, pressure, value });
  }
  return { first_day: FIRST_DAY, days, cycle_phase, market, sets, cards: latent };
}

/** The known long wave of the whole market on an epoch day. */
export function cycleAt(phase: number, epoch_day: number): number {
  return DEMO.cycle.amplitude * Math.sin(2 * Math.PI * (epoch_day / DEMO.cycle.period_days + phase));
}

function drift(stream: number, days: number, shape: { momentum: number; return_sd: number; pull: number }): Drift {
  const level = new Float64Array(days);
  const momentum = new Float64Array(days);
  const noise = shape.return_sd * Math.sqrt(1 - shape.momentum ** 2);
  let r = shape.return_sd * normalAt(stream, -1);
  let sum = 0;
  for (let day = 0; day < days; day++) {
    r = shape.momentum * r + noise * normalAt(stream, day);
    sum = (1 - shape.pull) * sum + r;
    momentum[day] = r;
    level[day] = sum;
  }
  return { level, momentum };
}

function ownPart(seed: string, card: DemoCard, days: number): { own: Float64Array; pressure: Float64Array } {
  const { momentum, sd } = DEMO.pressure;
  const { pull, lead_effect, lead_days } = DEMO.own;
  const pressureStream = hashText(`${seed}|pressure|${card.id}`);
  const ownStream = hashText(`${seed}|own|${card.id}`);
  const { own_sd } = tierOf(card.level);
  const own = new Float64Array(days);
  const pressure = new Float64Array(days);
  let u = sd * normalAt(pressureStream, -1);
  let sum = 0;
  for (let day = 0; day < days; day++) {
    u = momentum * u + sd * Math.sqrt(1 - momentum ** 2) * normalAt(pressureStream, day);
    pressure[day] = u;
    sum = (1 - pull) * sum + lead_effect * (pressure[day - lead_days] ?? 0) + own_sd * normalAt(ownStream, day);
    own[day] = sum;
  }
  return { own, pressure };
}
