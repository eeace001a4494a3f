import { HttpProblem, type Span, type Tracing } from '@pokewatch/http';
import type { DecisionClient } from './decision-client.ts';
import type { ModelClient } from './model-client.ts';
import type { Call, PeerName } from './peer.ts';
import type { Outcome, PeerMetrics } from './peer-metrics.ts';

/** What is noted of each call of one address of a service. */
interface Noted {
  readonly metrics: PeerMetrics;
  readonly tracing: Tracing | undefined;
  /** The address; inside this process there is none. */
  readonly url?: string;
}

/** The same client, whose calls are timed, counted and traced; health checks are not. */
export function measuredModel(client: ModelClient, noted: Noted): ModelClient {
  const measure = measurer('model', noted);
  return {
    expected: (request) => client.expected(request),
    predict: (request, call) => measure('predict', call, (own) => client.predict(request, own)),
    predictAll: (requests, expected, call) =>
      measure('batch_predict', call, (own) => client.predictAll(requests, expected, own), spoiled),
    cards: (call) => measure('cards', call, (own) => client.cards(own)),
    curves: (call) => measure('model', call, (own) => client.curves(own)),
    kpis: (call) => measure('kpis', call, (own) => client.kpis(own)),
    kpiCards: (request, call) => measure('kpis/cards', call, (own) => client.kpiCards(request, own)),
    health: (call) => client.health(call),
  };
}

/** The same for the decision service. */
export function measuredDecision(client: DecisionClient, noted: Noted): DecisionClient {
  const measure = measurer('decision', noted);
  return {
    signal: (prediction, call) => measure('signal', call, (own) => client.signal(prediction, own)),
    signals: (predictions, call) => measure('batch_signal', call, (own) => client.signals(predictions, own)),
    health: (call) => client.health(call),
  };
}

/** True for answers to a batch of which one cannot be used. */
export function spoiled(answers: readonly unknown[]): boolean {
  return answers.some((answer) => answer instanceof HttpProblem && answer.code === 'peer_bad_answer');
}

function measurer(peer: PeerName, { metrics, tracing, url }: Noted) {
  const attributes = { 'peer.service': `pokewatch-${peer}`, ...(url === undefined ? {} : { 'server.address': url }) };
  const begin = (what: string, { span, again = false }: Call): Span | undefined =>
    span && tracing?.call(`${peer} ${what}`, span, again ? { ...attributes, 'pokewatch.again': true } : attributes);
  return async <T>(
    what: string,
    call: Call,
    ask: (call: Call) => Promise<T>,
    isSpoiled?: (answer: T) => boolean,
  ): Promise<T> => {
    const started_ms = performance.now();
    const span = begin(what, call);
    call.asking = peer;
    const own = span === undefined ? call : { ...call, trace_headers: tracing!.headersOf(span) };
    const ended = (outcome: Outcome, code: string | undefined) => {
      metrics.called(peer, outcome, (performance.now() - started_ms) / 1000);
      if (span !== undefined && code !== undefined) tracing!.fail(span, code, outcome !== 'refused');
    };
    try {
      const answer = await ask(own);
      const bad = isSpoiled?.(answer) === true;
      ended(bad ? 'bad_answer' : 'success', bad ? 'peer_bad_answer' : undefined);
      return answer;
    } catch (error) {
      const { signal, passed } = call.deadline;
      if (signal.aborted && !passed) span?.setAttribute('pokewatch.not_needed', true);
      else ended(outcomeOf(error), error instanceof HttpProblem ? error.code : 'internal');
      throw error;
    } finally {
      span?.end();
    }
  };
}

function outcomeOf(error: unknown): Outcome {
  switch (error instanceof HttpProblem ? error.code : undefined) {
    case 'peer_timeout':
      return 'timeout';
    case 'peer_unavailable':
      return 'unavailable';
    case 'peer_bad_answer':
      return 'bad_answer';
    default:
      return 'refused';
  }
}
