import { HttpProblem } from '@pokewatch/http';
import type { DecisionClient } from './decision-client.ts';
import type { ModelClient } from './model-client.ts';
import type { Call, PeerName } from './peer.ts';
import type { Outcome, PeerMetrics } from './peer-metrics.ts';

/** The same client, whose calls are timed and counted; health checks are not. */
export function measuredModel(client: ModelClient, metrics: PeerMetrics): ModelClient {
  const time = timer('model', metrics);
  return {
    expected: (request) => client.expected(request),
    predict: (request, call) => time(call, () => client.predict(request, call)),
    predictAll: (requests, expected, call) => time(call, () => client.predictAll(requests, expected, call), spoiled),
    cards: (call) => time(call, () => client.cards(call)),
    curves: (call) => time(call, () => client.curves(call)),
    kpis: (call) => time(call, () => client.kpis(call)),
    kpiCards: (request, call) => time(call, () => client.kpiCards(request, call)),
    health: (call) => client.health(call),
  };
}

/** The same for the decision service. */
export function measuredDecision(client: DecisionClient, metrics: PeerMetrics): DecisionClient {
  const time = timer('decision', metrics);
  return {
    signal: (prediction, call) => time(call, () => client.signal(prediction, call)),
    signals: (predictions, call) => time(call, () => client.signals(predictions, call)),
    health: (call) => client.health(call),
  };
}

/** True for answers to a batch of which one cannot be used. */
export function spoiled(answers: readonly unknown[]): boolean {
  return answers.some((answer) => answer instanceof HttpProblem && answer.code === 'peer_bad_answer');
}

function timer(peer: PeerName, metrics: PeerMetrics) {
  return async <T>(call: Call, ask: () => Promise<T>, isSpoiled?: (answer: T) => boolean): Promise<T> => {
    const started_ms = performance.now();
    const ended = (outcome: Outcome) => metrics.called(peer, outcome, (performance.now() - started_ms) / 1000);
    try {
      const answer = await ask();
      ended(isSpoiled?.(answer) === true ? 'bad_answer' : 'success');
      return answer;
    } catch (error) {
      const { signal, passed } = call.deadline;
      if (!signal.aborted || passed) ended(outcomeOf(error));
      throw error;
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
