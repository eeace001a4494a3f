/** A 32-bit hash of a text (FNV-1a with a final mix), to seed streams by name. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/**
 * A uniform number in [0, 1) that depends only on the stream and the day: what happens on a day never depends on how
 * many days are simulated.
 */
export function uniformAt(stream: number, day: number): number {
  return mix(stream ^ Math.imul(day + 0x9e3779b9, 0x85ebca6b)) / 0x1_0000_0000;
}

/** A standard normal number that depends only on the stream and the day (Box and Muller 1958). */
export function normalAt(stream: number, day: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(stream, day)));
  return radius * Math.cos(2 * Math.PI * uniformAt(stream ^ 0x5bd1e995, day));
}

/** MurmurHash3's finaliser: every bit of the input moves every bit of the result. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
