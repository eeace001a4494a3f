import { emptyPoints, type PointForecaster, type PointModel } from '../point-model.ts';

const model: PointModel = {
  terms: [],
  predict: (_store, table) => {
    const points = emptyPoints(table.rows);
    points.speaker.fill(2);
    return points;
  },
  explain: () => ({ terms: [], missing: [] }),
  curves: () => ({ restlessness: null, speakers: [] }),
  toJSON: () => ({}),
};

/** "No change": the fair value is the market price. The baseline that every model has to beat. */
export const naivePoint: PointForecaster = { name: 'naive', fit: () => model, fromJSON: () => model };
