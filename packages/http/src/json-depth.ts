const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Without the bit in which `[` and `{`, and `]` and `}`, differ. */
const OPEN = 0x5b;
const CLOSE = 0x5d;
const EITHER = 0xdf;

/**
 * True when JSON text nests arrays and objects deeper than `most`. It only counts brackets outside of strings; whether
 * the text is JSON at all is for the parser to say.
 */
export function isDeeper(json: Uint8Array, most: number): boolean {
  const { length } = json;
  if (length <= most) return false;
  let depth = 0;
  for (let at = 0; at < length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) {
      for (at++; at < length && json[at] !== QUOTE; at++) if (json[at] === BACKSLASH) at++;
    } else if (byte >= OPEN) {
      const bracket = byte & EITHER;
      if (bracket === OPEN && ++depth > most) return true;
      if (bracket === CLOSE) depth--;
    }
  }
  return false;
}
