import {
  CardsSchema,
  ListCardsSchema,
  ModelCurvesSchema,
  ModelHealthSchema,
  ReloadedSchema,
} from '@pokewatch/contracts';
import { describeError } from '@pokewatch/core';
import { type App, HttpProblem, OPEN } from '@pokewatch/http';
import { loaded, type ModelHolder } from './model-holder.ts';
import type { PauseState } from './pauses.ts';
import { addPredictionRoutes } from './prediction-routes.ts';

/** `POST /predict`, `POST /batch_predict`, `GET /model`, `GET /cards`, `GET /list_cards`, `GET /health`, `POST /reload`. */
export function addRoutes(app: App, holder: ModelHolder, pauses: () => PauseState): void {
  addPredictionRoutes(app, holder, pauses);

  app.get(
    '/model',
    {
      schema: {
        summary: 'How the values of terms become a fair price: the curves of the model that serves',
        tags: ['model'],
        response: { 200: ModelCurvesSchema },
      },
      config: { problems: ['model_not_loaded'] },
      serializerCompiler: () => (text) => text as string,
    },
    async (_request, reply) => reply.type('application/json; charset=utf-8').send(loaded(holder).curves_json as never),
  );

  app.get(
    '/cards',
    {
      schema: { summary: 'Ids of all cards, sorted', tags: ['cards'], response: { 200: CardsSchema } },
      config: { problems: ['model_not_loaded'] },
    },
    () => {
      const { card_ids } = loaded(holder);
      return { cards: [...card_ids], count: card_ids.length };
    },
  );

  app.get(
    '/list_cards',
    {
      schema: { summary: 'Ids of all cards, sorted', tags: ['cards'], response: { 200: ListCardsSchema } },
      config: { problems: ['model_not_loaded'] },
    },
    () => {
      const { card_ids } = loaded(holder);
      return { cards: [...card_ids], total: card_ids.length };
    },
  );

  app.get(
    '/health',
    {
      schema: { summary: 'Is a model loaded', tags: ['health'], response: { 200: ModelHealthSchema } },
      config: OPEN,
    },
    () => {
      const { model } = holder;
      return {
        status: model === undefined ? ('unhealthy' as const) : ('healthy' as const),
        model_loaded: model !== undefined,
        cards_count: model?.card_ids.length ?? 0,
        model_version: model?.manifest.version ?? null,
      };
    },
  );

  app.post(
    '/reload',
    {
      schema: { summary: 'Load the champion afresh', tags: ['model'], response: { 200: ReloadedSchema } },
      config: { problems: ['reload_failed'], scope: 'admin' },
    },
    async (request) => {
      try {
        const model = await holder.reload('call', request.log);
        const { version } = model.manifest;
        return { status: 'reloaded' as const, cards_count: model.card_ids.length, model_version: version };
      } catch (error) {
        const stays = holder.model === undefined ? '' : `; model ${holder.model.manifest.version} stays`;
        throw new HttpProblem('reload_failed', `${describeError(error).replaceAll('\n  ', '. ')}${stays}`, {
          cause: error,
        });
      }
    },
  );
}
