import { type Document, isMap, isScalar, parseDocument } from 'yaml';

/** One value of the chart: its path, what it is when nobody says otherwise, and what it is for. */
export interface ChartValue {
  readonly path: readonly string[];
  readonly fallback: unknown;
  readonly doc: string;
}

/**
 * The values that `values.yaml` describes, in its order: each key with a comment `# -- …` above it. What lies below such a key belongs
 * to its value.
 * @throws when a key that holds no described ones has no comment
 */
export function chartValues(text: string): ChartValue[] {
  const document = parseDocument(text);
  const found = below(document, document.contents, [], document.commentBefore ?? '');
  return found;
}

function below(document: Document, node: unknown, path: readonly string[], before: string): ChartValue[] {
  if (!isMap(node)) throw new Error(`values.yaml: ${path.join('.')} has no comment that starts with two dashes`);
  return node.items.flatMap((pair, index) => {
    if (!isScalar(pair.key)) return [];
    const inner = [...path, String(pair.key.value)];
    // A comment above the first key of a map is kept with the map.
    const comment = [index === 0 ? before : '', index === 0 ? node.commentBefore : '', pair.key.commentBefore].join(
      '\n',
    );
    const doc = docIn(comment);
    if (doc === undefined) return below(document, pair.value, inner, '');
    return [{ path: inner, fallback: document.getIn(inner) === undefined ? null : plain(document, inner), doc }];
  });
}

function plain(document: Document, path: readonly string[]): unknown {
  const value = document.getIn(path, true);
  return typeof value === 'object' && value !== null && 'toJS' in value
    ? (value as { toJS(document: Document): unknown }).toJS(document)
    : value;
}

/** The text after the last `--` of a comment, on one line. */
function docIn(comment: string): string | undefined {
  const lines = comment.split('\n').map((line) => line.trim());
  const start = lines.findLastIndex((line) => line.startsWith('-- '));
  if (start === -1) return undefined;
  return lines.slice(start).join(' ').slice('-- '.length).trim();
}
