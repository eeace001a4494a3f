import {
  BATCH_MAX,
  DEFAULT_EXPLAIN,
  ERRORS,
  type ErrorCode,
  type Explain,
  type FairPrice,
  type ModelManifest,
  type Problem,
} from '@pokewatch/contracts';
import { createLogger, dayFromEpoch, PokewatchError, type Settings, suggest } from '@pokewatch/core';
import { createDecisionApp } from '@pokewatch/service-decision';
import { createGatewayApp, injectPeer } from '@pokewatch/service-gateway';
import { createModelApp } from '@pokewatch/service-model';
import {
  type DataStore,
  fetchChampion,
  fetchModel,
  type LoadedModel,
  loadModel,
  type PredictedCard,
  readModelManifest,
  withStore,
} from '@pokewatch/store';

/** An answer with what the card is called. */
export interface NamedFairPrice extends FairPrice {
  readonly name: string;
}

/** The champion's answers, made by the very services in this process: the numbers of the API, without a socket. */
export interface Answers {
  readonly manifest: ModelManifest;
  /**
   * The answer for a card on a day (its latest when none is named).
   * @throws unknown_card with the nearest known id, or no_data_for_date with the days there are.
   */
  fairPrice(card_id: string, date?: string, explain?: Explain): Promise<FairPrice>;
  /** The latest answer for every card, in the order of their ids, with as much of its explanation as is asked for. */
  all(explain: Explain): Promise<NamedFairPrice[]>;
  /** What is known of a card itself. */
  card(card_id: string): PredictedCard | undefined;
  close(): Promise<void>;
}

/**
 * Loads the champion of the store and starts the services in this process.
 * @throws nothing_to_do when there is no model yet, bad_data_file when it is damaged.
 */
export async function openAnswers(settings: Settings): Promise<Answers> {
  const { champion, loaded } = await withStore(settings, loadChampion);
  const logger = createLogger({ service: 'pokewatch', level: 'silent' });
  const inside = { ...settings, ...NO_DOORS };
  const source = { champion: async () => champion, load: async () => loaded };
  const model = await createModelApp({ settings: inside, logger, source });
  const decision = await createDecisionApp({ settings: inside, logger });
  const peers = { model: injectPeer('model', model.app), decision: injectPeer('decision', decision.app) };
  const gateway = await createGatewayApp({ settings: inside, logger, peers });
  const cards = new Map(loaded.table.cards.map((card) => [card.card_id, card]));

  async function ask<T>(url: string, payload: object): Promise<T> {
    const answer = await gateway.app.inject({ method: 'POST', url, payload });
    const body = answer.json();
    if (answer.statusCode === 200) return body as T;
    throw problemError(body as Problem);
  }

  return {
    manifest: loaded.manifest,
    async fairPrice(card_id, date, explain = DEFAULT_EXPLAIN) {
      const card = cards.get(card_id);
      if (card === undefined) throw unknownCard(card_id, [...cards.keys()]);
      try {
        return await ask<FairPrice>('/fair_price', { card_id, explain, ...(date === undefined ? {} : { date }) });
      } catch (error) {
        if (!(error instanceof PokewatchError) || error.code !== 'no_data_for_date') throw error;
        throw noSuchDay(card, loaded, date);
      }
    },
    async all(explain) {
      const found: NamedFairPrice[] = [];
      const ids = [...cards.keys()];
      for (let start = 0; start < ids.length; start += BATCH_MAX) {
        const batch = ids.slice(start, start + BATCH_MAX).map((card_id) => ({ card_id, explain }));
        for (const answer of await ask<(FairPrice | Problem)[]>('/fair_price/batch', batch)) {
          if ('code' in answer) throw problemError(answer);
          found.push({ ...answer, name: cards.get(answer.card_id)?.name ?? '' });
        }
      }
      return found;
    },
    card: (card_id) => cards.get(card_id),
    async close() {
      await Promise.all([gateway.app.close(), decision.app.close(), model.app.close()]);
    },
  };
}

/** Nobody comes in from outside, and nobody waits for us: no keys, no limits, no hurry. */
const NO_DOORS = {
  AUTH_ENABLED: false,
  RATE_LIMIT_ENABLED: false,
  CORS_ENABLED: false,
  POKEWATCH_PEER_TIMEOUT_MS: 600_000,
} as const;

async function loadChampion(store: DataStore) {
  const { root } = store;
  const champion = await fetchChampion(store);
  if (champion === undefined) {
    throw new PokewatchError('nothing_to_do', 'there is no model yet', {
      hint: '`pokewatch start --once` collects, preprocesses and trains; or run `pokewatch train` on what is there.',
    });
  }
  const { model_version, manifest_sha256 } = champion;
  await fetchModel(store, model_version);
  if (readModelManifest(root, model_version).sha256 !== manifest_sha256) {
    throw new PokewatchError('bad_data_file', `the manifest of model ${model_version} is not the one promoted`, {
      hint: 'Restore it from a backup, or delete its folder and run train again.',
    });
  }
  return { champion, loaded: loadModel(root, model_version) };
}

function unknownCard(card_id: string, known: readonly string[]): PokewatchError {
  const nearest = suggest(card_id, known);
  return new PokewatchError('unknown_card', `there is no card ${JSON.stringify(card_id.slice(0, 100))}`, {
    hint: `${nearest === undefined ? '' : `Did you mean ${nearest}? `}\`pokewatch signals\` lists the ${known.length} cards.`,
  });
}

function noSuchDay(card: PredictedCard, { table }: LoadedModel, date: string | undefined): PokewatchError {
  const [first, last] = [table.day[card.from]!, table.day[card.to - 1]!].map(dayFromEpoch);
  return new PokewatchError('no_data_for_date', `there is no prediction for ${card.card_id} on ${date}`, {
    hint: `It has predictions from ${first} to ${last}.`,
  });
}

function problemError({ code, detail }: Problem): PokewatchError {
  return new PokewatchError(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal', detail);
}
