import type { Champion, ModelManifest } from '@pokewatch/contracts';
import { describeError, type Logger, PokewatchError } from '@pokewatch/core';
import { HttpProblem } from '@pokewatch/http';
import type { ModelSource } from './model-source.ts';
import { type ServingModel, servingModel } from './serving-model.ts';

/** What made the holder load: the start, a call of `/reload`, or the poll of the champion pointer. */
export type Trigger = 'start' | 'call' | 'poll';

/** How an attempt to load ended. */
export interface LoadEnd {
  readonly trigger: Trigger;
  /** The model that serves now. */
  readonly model: ServingModel | undefined;
  /** Why it is not the one that was to be loaded. */
  readonly error?: unknown;
  readonly seconds: number;
}

interface HolderOptions {
  readonly source: ModelSource;
  readonly logger: Logger;
  /** What has to be done before a version that was loaded may serve. Must not throw. */
  readonly beforeServing?: (manifest: ModelManifest) => Promise<void>;
  /** Told of every attempt to load. */
  readonly onLoad: (end: LoadEnd) => void;
}

/**
 * Holds the model that serves. A new one takes its place in one step once it is loaded and checked whole; when that
 * fails, the old one stays. One load at a time.
 */
export class ModelHolder {
  readonly #options: HolderOptions;
  #model: ServingModel | undefined;
  #busy: Promise<unknown> = Promise.resolve();
  #polling: Promise<void> | undefined;
  #lastFailure = '';

  constructor(options: HolderOptions) {
    this.#options = options;
  }

  /** The model that serves now. Take it once for an answer, so that the answer is from one version. */
  get model(): ServingModel | undefined {
    return this.#model;
  }

  /** Loads the champion afresh; lines of `logger` say who asked for it. @throws what is wrong with it; the old model stays. */
  reload(trigger: Trigger, logger: Pick<Logger, 'info'> = this.#options.logger): Promise<ServingModel> {
    return this.#oneAtATime(() => this.#load(trigger, logger));
  }

  /**
   * Adopts the champion if it is not the model that serves. Never throws; what is wrong goes to the log. While a store is
   * slow, polls do not queue up: the one that waits stands for all.
   */
  async poll(trigger: Trigger = 'poll'): Promise<void> {
    this.#polling ??= this.#poll(trigger).finally(() => {
      this.#polling = undefined;
    });
    await this.#polling;
  }

  async #poll(trigger: Trigger): Promise<void> {
    await this.#oneAtATime(async () => {
      try {
        const champion = await this.#options.source.champion();
        if (champion === undefined && trigger === 'poll') return;
        if (champion !== undefined && champion.manifest_sha256 === this.#model?.manifest_sha256) return;
        await this.#load(trigger, this.#options.logger);
      } catch (error) {
        this.#logOnce(error);
      }
    });
  }

  async #load(trigger: Trigger, logger: Pick<Logger, 'info'>): Promise<ServingModel> {
    const { source, beforeServing, onLoad } = this.#options;
    const started_ms = performance.now();
    const seconds = () => (performance.now() - started_ms) / 1000;
    try {
      const champion = await source.champion();
      if (champion === undefined)
        throw new PokewatchError('nothing_to_do', 'There is no model yet', { hint: 'Run train.' });
      refuseOlder(champion, this.#model);
      const model = servingModel(await source.load(champion, this.#model !== undefined), champion);
      await beforeServing?.(model.manifest);
      const before = this.#model?.manifest.version;
      this.#model = model;
      this.#lastFailure = '';
      const { version, source: data_source, simulated } = model.manifest;
      logger.info(
        { trigger, model_version: version, before, cards: model.card_ids.length, data_source, simulated },
        'model loaded',
      );
      onLoad({ trigger, model, seconds: seconds() });
      return model;
    } catch (error) {
      onLoad({ trigger, model: this.#model, error, seconds: seconds() });
      throw error;
    }
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => undefined);
    return result;
  }

  #logOnce(error: unknown): void {
    const reason = describeError(error);
    if (reason === this.#lastFailure) return;
    this.#lastFailure = reason;
    const serving = this.#model?.manifest.version ?? null;
    this.#options.logger.warn({ reason, model_version: serving }, 'the champion cannot be loaded');
  }
}

/** @throws model_refused when the pointer went back to an earlier promotion: out of a backup, or of a copy that is behind */
function refuseOlder({ model_version, promoted_at }: Champion, serving: ServingModel | undefined): void {
  if (serving === undefined || Date.parse(promoted_at) >= Date.parse(serving.promoted_at)) return;
  const detail = `Model ${model_version} was promoted at ${promoted_at}, before the one that serves, at ${serving.promoted_at}`;
  throw new PokewatchError('model_refused', detail, { hint: 'To go back to it, promote it again or restart.' });
}

/** The model that serves. @throws HttpProblem model_not_loaded */
export function loaded(holder: ModelHolder): ServingModel {
  if (holder.model === undefined) throw new HttpProblem('model_not_loaded', 'No model is loaded yet');
  return holder.model;
}
