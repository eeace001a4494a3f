import { DaySchema } from '@pokewatch/contracts';
import { didYouMean } from '@pokewatch/core';
import { InvalidArgumentError } from 'commander';

/** Reads a UTC day, `2026-04-06`. */
export function day(text: string): string {
  if (DaySchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('A day looks like 2026-04-06, and must exist.');
}

/** Reads a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads whole numbers from `least` to `most` with commas between them, `7,30`. */
export function wholeNumbers(least: number, most: number): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map(Number);
    if (/^\d+(,\d+)*$/.test(text) && values.every((value) => value >= least && value <= most)) return values;
    throw new InvalidArgumentError(`It must be whole numbers from ${least} to ${most}, as in 7,30.`);
  };
}

/** Reads a fraction from 0 to 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a fraction from 0 to 1; 0.1 is ten per cent.');
}

/** Reads one of a few words. */
export function oneOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((known) => known === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}. ${didYouMean(text, words)}`.trim());
  };
}

/** Reads some of a few words with commas between them, `read,batch`. */
export function wordsOf<T extends string>(words: readonly T[]): (text: string) => T[] {
  const one = oneOf(words);
  return (text) => text.split(',').map((word) => one(word.trim()));
}
