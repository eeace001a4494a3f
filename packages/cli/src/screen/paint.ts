import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Colours texts when `wanted`, else gives them back as they are. */
export function painter(wanted: boolean): (style: Style, text: string) => string {
  if (!wanted) return (_style, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}

/** Whether colours are wanted: on a terminal that has them, unless NO_COLOR (no-color.org) is set. */
export function wantsColours(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
}
