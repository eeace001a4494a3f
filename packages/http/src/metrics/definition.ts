/** What a metric is called, what it tells, and its labels. */
export interface MetricDefinition {
  readonly name: `pokewatch_${string}`;
  readonly help: string;
  /** What a value is in, where its name does not end in it. */
  readonly unit?: string;
  /** Each label with all its values where they are few and known, else with what it holds, in words. */
  readonly labels?: Readonly<Record<string, readonly string[] | string>>;
}

/** The labels of one series of a metric. */
export type Labels<D extends MetricDefinition> = D extends { readonly labels: infer L }
  ? { readonly [K in keyof L]: L[K] extends readonly (infer V extends string)[] ? V : string }
  : { readonly [K in string]: never };

/** The same where the definition is not known. */
export type AnyLabels = Readonly<Record<string, string | number>>;

/** All series that a metric can have; none where a label holds more than can be listed. */
export function allLabels({ labels = {} }: MetricDefinition): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [name, values] of Object.entries(labels)) {
    if (typeof values === 'string') return [];
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return all;
}
