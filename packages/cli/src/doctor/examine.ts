import { isPokewatchError, type Settings } from '@pokewatch/core';
import type { Context } from '../context.ts';
import type { Style } from '../screen/paint.ts';
import { oneLine } from '../screen/table.ts';
import type { Finding } from './finding.ts';
import { clockCheck, dataCheck, installCheck, nodeCheck } from './machine.ts';
import { cardsCheck, serviceChecks, settingsCheck, sourceCheck, storeCheck, UNREADABLE } from './setup.ts';

/** Looks at everything that can be wrong, in the order in which it would matter. `asked` names a source to test. */
export async function examine(context: Context, asked: string | undefined): Promise<Finding[]> {
  const first = [await nodeCheck(context), await installCheck(context), await settingsCheck(context)];
  let settings: Settings;
  try {
    settings = context.settings();
  } catch (error) {
    if (!isPokewatchError(error)) throw error;
    return [...first, UNREADABLE];
  }
  return [
    ...first,
    await dataCheck(context, settings),
    await clockCheck(context, settings),
    await cardsCheck(settings),
    await storeCheck(settings),
    await sourceCheck(context, settings, asked),
    ...(await serviceChecks(settings)),
  ];
}

const COLOURS: Readonly<Record<Finding['state'], Style>> = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' };

/** The findings for people: a line each, and under those that need it what to do. */
export function findingLines(findings: readonly Finding[], { paint }: Pick<Context, 'paint'>): string[] {
  const width = Math.max(...findings.map((one) => one.check.length));
  const lines = findings.flatMap(({ check, state, text, todo }) => {
    const [first = '', ...more] = text.split('\n');
    const indent = ' '.repeat(width + 8);
    return [
      `${paint(COLOURS[state], state.padEnd(4))}  ${check.padEnd(width)}  ${oneLine(first)}`,
      ...more.map((line) => `${indent}${oneLine(line)}`),
      ...(todo === undefined ? [] : [`${indent}${todo}`]),
    ];
  });
  const bad = findings.filter((one) => one.state === 'fail').length;
  const odd = findings.filter((one) => one.state === 'warn').length;
  const verdict =
    bad > 0
      ? `${bad} of ${findings.length} checks failed`
      : odd > 0
        ? `nothing fails, ${odd} to look at`
        : 'all is well';
  return [...lines, '', verdict];
}
