import { KeyRecordSchema } from '@pokewatch/contracts';
import { InvalidArgumentError } from 'commander';
import { oneLine } from '../screen/table.ts';

/** Reads the name of a key: it goes to terminals, so it holds nothing that acts on one. */
export function keyName(text: string): string {
  const name = text.trim();
  if (KeyRecordSchema.shape.name.safeParse(name).success && oneLine(name) === name) return name;
  throw new InvalidArgumentError('It must be 1 to 60 printable characters.');
}
