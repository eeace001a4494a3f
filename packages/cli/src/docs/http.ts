import type { Service } from '@pokewatch/http';
import { type ApiDocument, type CommonProblems, commonProblems, routeLines, schemaLines } from './openapi.ts';
import type { Services } from './services.ts';

/** `docs/http.md`: every route of the three services with its answers, and the shapes they use, from their own descriptions. */
export async function httpPage({ settings, all }: Services): Promise<string> {
  const ports: Readonly<Record<string, number>> = {
    gateway: settings.POKEWATCH_GATEWAY_PORT,
    model: settings.POKEWATCH_MODEL_PORT,
    decision: settings.POKEWATCH_DECISION_PORT,
  };
  const documents = await Promise.all(all.map(describe));
  const common = commonProblems(documents);
  const parts = [INTRO, commonWords(common)];
  const shapes = new Map<string, readonly string[]>();
  for (const [index, document] of documents.entries()) {
    const { name } = all[index]!;
    const routes = routeLines(document, common).join('\n');
    parts.push(`## ${name}, port ${ports[name]}\n\n${document.info.description}\n\n${routes}`);
    for (const [shape, lines] of schemaLines(document)) shapes.set(shape, lines);
  }
  parts.push('## Shapes');
  for (const [shape, lines] of [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)))
    parts.push(`### ${shape}\n\n${lines.join('\n')}`);
  return `${parts.join('\n\n')}\n`;
}

const INTRO = `# HTTP

JSON in and out, field names in snake_case. Each service describes itself at \`/openapi.json\` (OpenAPI 3.1) and \`/docs\`. Every
error is \`application/problem+json\`; [errors.md](errors.md) has the codes. \`X-Request-ID\` is echoed, or made, and passed on to
the services that are asked.

\`deviation_pct\` is (market − fair) / fair, a fraction. \`simulated: true\` marks the made-up market. Without a date, an answer is for the
card’s latest day.

The gateway asks for a key (\`X-API-Key\`, or \`Authorization: Bearer\`) only when \`AUTH_ENABLED\` is true: 401 without a good
one, 403 when it lacks the scope of the route; the model service then asks for one with the scope \`admin\` at \`/reload\`. The
gateway answers 429 only when \`RATE_LIMIT_ENABLED\` is true. Health, probes, metrics and descriptions are open. Limits on
sizes, and what the doors promise: [security.md](security.md).`;

function commonWords({ anywhere, withBody }: CommonProblems): string {
  return `Any route can answer ${[...anywhere].join(', ')}; any route with a body also ${[...withBody].join(', ')}.`;
}

async function describe(service: Service): Promise<ApiDocument> {
  const answer = await service.app.inject({ url: '/openapi.json' });
  return answer.json();
}
