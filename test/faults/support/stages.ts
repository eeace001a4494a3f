import { Stage } from './stage.ts';

/** Several stages, each of which is given to one fault at a time. */
export class Stages {
  readonly #all: readonly Stage[];
  readonly #free: Stage[];
  readonly #waiting: ((stage: Stage) => void)[] = [];

  private constructor(all: readonly Stage[]) {
    this.#all = all;
    this.#free = [...all];
  }

  static async create(count: number): Promise<Stages> {
    return new Stages(await Promise.all(Array.from({ length: count }, () => Stage.create())));
  }

  /** Does `work` on the next stage that is free. */
  async on<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
    const stage = this.#free.pop() ?? (await new Promise<Stage>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(stage);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(stage);
      else next(stage);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((stage) => stage.close()));
  }
}
