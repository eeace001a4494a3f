import { type Attributes, type Context, type Link, type SpanKind, TraceFlags } from '@opentelemetry/api';
import {
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** Attribute of spans that begin no trace: nobody looks at those of probes. */
export const OPEN = 'pokewatch.open';

/** Samples as the caller says, and of the rest a share. Shared work is sampled when a request that it is done for is. */
export function requestSampler(ratio: number): Sampler {
  return new ParentBasedSampler({ root: new RootSampler(ratio) });
}

class RootSampler implements Sampler {
  readonly #ratio: Sampler;

  constructor(ratio: number) {
    this.#ratio = new TraceIdRatioBasedSampler(ratio);
  }

  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    if (attributes[OPEN] === true) return { decision: SamplingDecision.NOT_RECORD };
    if (links.length === 0) return this.#ratio.shouldSample(context, traceId, name, kind, attributes, links);
    const sampled = links.some((link) => (link.context.traceFlags & TraceFlags.SAMPLED) !== 0);
    return { decision: sampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  }

  toString(): string {
    return `RootSampler{${this.#ratio.toString()}}`;
  }
}
