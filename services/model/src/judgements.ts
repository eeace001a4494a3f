import {
  type Drift,
  KPI_PAGE,
  type KpiCards,
  type KpiCardsRequest,
  type KpiSummary,
  type Kpis,
} from '@pokewatch/contracts';
import { describeError, type Logger } from '@pokewatch/core';
import { HttpProblem } from '@pokewatch/http';
import { fetchDrift, fetchKpis } from '@pokewatch/store/judgements';
import { type StoreSettings, withStore } from '@pokewatch/store/open';

/** Where KPIs and drift come from; undefined where there are none. */
export interface JudgementSource {
  /** The newest KPIs. @throws bad_data_file */
  kpis(): Promise<Kpis | undefined>;
  /** How the newest days of a version differ. @throws bad_data_file */
  drift(model_version: string): Promise<Drift | undefined>;
}

/** The store that the settings name. */
export function storeJudgements(settings: StoreSettings): JudgementSource {
  return {
    kpis: () => withStore(settings, fetchKpis),
    drift: (model_version) => withStore(settings, (store) => fetchDrift(store, model_version)),
  };
}

/** What jobs found of the calls that were published and of the days of the version that serves. */
export class Judgements {
  readonly #source: JudgementSource;
  readonly #logger: Logger;
  #kpis: Kpis | undefined;
  #drift: Drift | undefined;
  /** Why each of them could not be read the last time. */
  readonly #failures = new Map<'KPIs' | 'drift', string>();
  #busy: Promise<void> = Promise.resolve();

  constructor(source: JudgementSource, logger: Logger) {
    this.#source = source;
    this.#logger = logger;
  }

  get kpis(): Kpis | undefined {
    return this.#kpis;
  }

  /** True while something could not be read the last time: what is known may be of before. */
  get outdated(): boolean {
    return this.#failures.size > 0;
  }

  /** How the newest days of a version differ; undefined where that is not known of this version. */
  driftOf(model_version: string): Drift | undefined {
    return this.#drift?.model_version === model_version ? this.#drift : undefined;
  }

  /** Reads afresh, one time after the other. Never throws: what is damaged goes to the log, and what was read before stays. */
  refresh(model_version: string): Promise<void> {
    this.#busy = this.#busy.then(() => this.#read(model_version));
    return this.#busy;
  }

  /** Signals pause by drift, so damaged KPIs must not hide it. */
  async #read(model_version: string): Promise<void> {
    await this.#try('KPIs', model_version, async () => {
      this.#kpis = await this.#source.kpis();
    });
    await this.#try('drift', model_version, async () => {
      this.#drift = await this.#source.drift(model_version);
    });
  }

  async #try(what: 'KPIs' | 'drift', model_version: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
      this.#failures.delete(what);
    } catch (error) {
      const reason = describeError(error);
      if (reason !== this.#failures.get(what)) this.#logger.warn({ reason, model_version }, `${what} cannot be read`);
      this.#failures.set(what, reason);
    }
  }
}

/** The KPIs without those of each card. @throws HttpProblem no_kpis */
export function kpiSummary({ kpis }: Judgements): KpiSummary {
  const { cards: _, ...summary } = known(kpis);
  return summary;
}

/** A page of the KPIs of cards, in the order of their ids. @throws HttpProblem no_kpis */
export function kpiCards({ kpis }: Judgements, { after, limit = KPI_PAGE }: KpiCardsRequest): KpiCards {
  const { cards } = known(kpis);
  const start = after == null ? 0 : cards.findIndex(({ card_id }) => card_id > after);
  const page = start < 0 ? [] : cards.slice(start, start + limit);
  const more = start >= 0 && start + limit < cards.length;
  return { cards: page, next: more ? page.at(-1)!.card_id : null };
}

function known(kpis: Kpis | undefined): Kpis {
  if (kpis === undefined) throw new HttpProblem('no_kpis', 'No published call was judged yet');
  return kpis;
}
