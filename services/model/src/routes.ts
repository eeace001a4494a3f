import {
  BATCH_MAX,
  CardsSchema,
  ListCardsSchema,
  ModelCurvesSchema,
  ModelHealthSchema,
  PredictionSchema,
  PredictRequestSchema,
  ProblemSchema,
  ReloadedSchema,
} from '@pokewatch/contracts';
import { describeError } from '@pokewatch/core';
import { type App, compileBatchWriter, HttpProblem, OPEN, problemBody } from '@pokewatch/http';
import * as z from 'zod';
import type { ModelHolder } from './model-holder.ts';
import { predict } from './predict.ts';
import type { ServingModel } from './serving-model.ts';

const BatchSchema = z.array(PredictRequestSchema).max(BATCH_MAX);
const BatchBodySchema = z.union([BatchSchema, z.object({ requests: BatchSchema })]);

/** `POST /predict`, `POST /batch_predict`, `GET /model`, `GET /cards`, `GET /list_cards`, `GET /health`, `POST /reload`. */
export function addRoutes(app: App, holder: ModelHolder): void {
  app.post(
    '/predict',
    {
      schema: {
        summary: 'The fair price of a card',
        tags: ['predictions'],
        body: PredictRequestSchema,
        response: { 200: PredictionSchema },
      },
      config: { problems: ['unknown_card', 'no_data_for_date', 'model_not_loaded'] },
    },
    (request) => {
      const answer = predict(loaded(holder), request.body);
      if (answer instanceof HttpProblem) throw answer;
      return answer;
    },
  );

  app.post(
    '/batch_predict',
    {
      schema: {
        summary: 'Fair prices of many cards: a prediction or a problem each, in order',
        tags: ['predictions'],
        body: BatchBodySchema,
        response: { 200: z.array(z.union([PredictionSchema, ProblemSchema])) },
      },
      config: { problems: ['model_not_loaded'] },
      serializerCompiler: () => compileBatchWriter(PredictionSchema),
    },
    (request) => {
      const model = loaded(holder);
      const requests = Array.isArray(request.body) ? request.body : request.body.requests;
      return requests.map((item) => {
        const answer = predict(model, item);
        return answer instanceof HttpProblem ? problemBody(answer, request.id) : answer;
      });
    },
  );

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
      config: { problems: ['reload_failed'] },
    },
    async () => {
      try {
        const model = await holder.reload('call');
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

function loaded(holder: ModelHolder): ServingModel {
  if (holder.model === undefined) throw new HttpProblem('model_not_loaded', 'No model is loaded yet');
  return holder.model;
}
