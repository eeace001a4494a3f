import { BATCH_MAX, PredictionSchema, PredictRequestSchema, ProblemSchema } from '@pokewatch/contracts';
import { type App, acceptsLines, HttpProblem, LINES, LINES_TYPE, problemBody, sendPieces } from '@pokewatch/http';
import * as z from 'zod';
import { loaded, type ModelHolder } from './model-holder.ts';
import { PredictionLines } from './prediction-lines.ts';

const BatchSchema = z.array(PredictRequestSchema).max(BATCH_MAX);
const BatchBodySchema = z.union([BatchSchema, z.object({ requests: BatchSchema })]);

const JSON_TYPE = 'application/json; charset=utf-8';
const OPEN_BRACKET = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE_BRACKET = Buffer.from(']');

/** `POST /predict` and `POST /batch_predict`. Answers are put together from lines that are ready; an answer is of one version. */
export function addPredictionRoutes(app: App, holder: ModelHolder): void {
  let lines: PredictionLines | undefined;
  const linesNow = (): PredictionLines => {
    const model = loaded(holder);
    if (lines?.model !== model) lines = new PredictionLines(model);
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
      const asLines = acceptsLines(request);
      const body = asLines ? answers : [OPEN_BRACKET, ...answers.flatMap(separated), CLOSE_BRACKET];
      sendPieces(reply, asLines ? LINES_TYPE : JSON_TYPE, body);
    },
  );
}

function problemLine(problem: HttpProblem, request_id: string): Buffer {
  return Buffer.from(`${JSON.stringify(problemBody(problem, request_id))}\n`, 'utf8');
}

function separated(line: Buffer, index: number): Buffer[] {
  return index === 0 ? [withoutEnd(line)] : [COMMA, withoutEnd(line)];
}

function withoutEnd(line: Buffer): Buffer {
  return line.subarray(0, line.length - 1);
}
