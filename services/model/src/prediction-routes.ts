import { BATCH_MAX, PredictionSchema, PredictRequestSchema, ProblemSchema } from '@pokewatch/contracts';
import { type App, HttpProblem, LINES, problemBody, sendLines } from '@pokewatch/http';
import * as z from 'zod';
import { loaded, type ModelHolder } from './model-holder.ts';
import type { PauseState } from './pauses.ts';
import { PredictionLines } from './prediction-lines.ts';

const BatchSchema = z.array(PredictRequestSchema).max(BATCH_MAX);
const BatchBodySchema = z.union([BatchSchema, z.object({ requests: BatchSchema })]);

const JSON_TYPE = 'application/json; charset=utf-8';

/** `POST /predict` and `POST /batch_predict`. Answers are put together from lines that are ready; an answer is of one version. */
export function addPredictionRoutes(app: App, holder: ModelHolder, pauses: () => PauseState): void {
  let lines: PredictionLines | undefined;
  const linesNow = (): PredictionLines => {
    const model = loaded(holder);
    const now = pauses();
    const same = lines?.model === model && lines.pauses?.today === now.today && lines.pauses.drift === now.drift;
    if (lines === undefined || !same) lines = new PredictionLines(model, now);
    return lines;
  };

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
    (request, reply) => {
      const line = linesNow().line(request.body);
      if (line instanceof HttpProblem) throw line;
      reply.type(JSON_TYPE).send(withoutEnd(line) as never);
    },
  );

  app.post(
    '/batch_predict',
    {
      schema: {
        summary: 'Fair prices of many cards: a prediction or a problem each, in order',
        description: 'With `Accept: application/x-ndjson` one answer a line rather than an array.',
        tags: ['predictions'],
        body: BatchBodySchema,
        response: { 200: z.array(z.union([PredictionSchema, ProblemSchema])) },
        produces: [LINES],
      },
      config: { problems: ['model_not_loaded'] },
    },
    (request, reply) => {
      const now = linesNow();
      const requests = Array.isArray(request.body) ? request.body : request.body.requests;
      const answers = requests.map((item) => {
        const line = now.line(item);
        return line instanceof HttpProblem ? problemLine(line, request.id) : line;
      });
      sendLines(request, reply, answers);
    },
  );
}

function problemLine(problem: HttpProblem, request_id: string): Buffer {
  return Buffer.from(`${JSON.stringify(problemBody(problem, request_id))}\n`, 'utf8');
}

function withoutEnd(line: Buffer): Buffer {
  return line.subarray(0, line.length - 1);
}
