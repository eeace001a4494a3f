import { join } from 'node:path';
import { type Handover, type Outbox, OutboxSchema, type Receipt, ReceiptSchema } from '@pokewatch/contracts';
import { type DataStore, jsonText, layout, publishFile, readJson, replaceFile } from '@pokewatch/store';

const EMPTY: Outbox = { waiting: [], champion: null };

/** What waits to be handed in, kept in the store. Whoever changes it holds the lock of `train`. */
export class OutboxFile {
  readonly #store: DataStore;
  readonly #path: string;
  #now: Outbox = EMPTY;

  private constructor(store: DataStore) {
    this.#store = store;
    this.#path = join(layout.mlflow(store.root), 'outbox.json');
  }

  /** @throws bad_data_file */
  static async open(store: DataStore): Promise<OutboxFile> {
    const outbox = new OutboxFile(store);
    await store.fetch(outbox.#path);
    outbox.#now = readJson(outbox.#path, OutboxSchema) ?? EMPTY;
    return outbox;
  }

  get waiting(): readonly Handover[] {
    return this.#now.waiting;
  }

  /** Where the champion's alias was put last. */
  get champion(): Outbox['champion'] {
    return this.#now.champion;
  }

  /** Puts versions at the end, except those that wait already. */
  async add(...handovers: readonly Handover[]): Promise<void> {
    const known = new Set(this.waiting.map((one) => one.model_version));
    const fresh = handovers.filter((one) => !known.has(one.model_version));
    if (fresh.length > 0) await this.#save({ ...this.#now, waiting: [...this.waiting, ...fresh] });
  }

  async note(model_version: string, fault: string): Promise<void> {
    const waiting = this.waiting.map((one) => (one.model_version === model_version ? { ...one, fault } : one));
    await this.#save({ ...this.#now, waiting });
  }

  async remove(model_version: string): Promise<void> {
    const waiting = this.waiting.filter((one) => one.model_version !== model_version);
    await this.#save({ ...this.#now, waiting });
  }

  async setChampion(champion: Outbox['champion']): Promise<void> {
    await this.#save({ ...this.#now, champion });
  }

  async #save(now: Outbox): Promise<void> {
    publishFile(this.#path, jsonText(now));
    this.#now = now;
    await this.#store.publish(this.#path);
  }
}

/** Where a version was handed in, or undefined. @throws bad_data_file */
export async function readReceipt(store: DataStore, model_version: string): Promise<Receipt | undefined> {
  const path = receiptPath(store, model_version);
  await store.fetch(path);
  return readJson(path, ReceiptSchema);
}

export async function saveReceipt(store: DataStore, receipt: Receipt): Promise<void> {
  await replaceFile(store, receiptPath(store, receipt.model_version), () => jsonText(receipt));
}

function receiptPath(store: DataStore, model_version: string): string {
  return join(layout.mlflow(store.root), `${model_version}.json`);
}
