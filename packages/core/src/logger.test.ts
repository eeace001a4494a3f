import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function logged(fields: object, level = 'info'): string {
  let out = '';
  const destination = {
    write(line: string) {
      out += line;
    },
  };
  createLogger({ service: 'gateway', level, destination }).info(fields, 'hello');
  return out;
}

test('a line is JSON with time, level, service and message', () => {
  expect(JSON.parse(logged({ rows: 3 }))).toMatchObject({
    level: 'info',
    service: 'gateway',
    msg: 'hello',
    rows: 3,
    time: expect.stringMatching(/Z$/),
  });
});

test.each(['authorization', 'x-api-key', 'API_KEYS', 'POKEMON_PRICE_API_KEY', 'REDIS_URL', 'api_key'])(
  '%s is not logged at any of three depths',
  (name) => {
    const out = logged({ [name]: 'hush', headers: { [name]: 'hush' }, request: { headers: { [name]: 'hush' } } });
    expect(out).not.toContain('hush');
    expect(out.match(/\[secret\]/g)).toHaveLength(3);
  },
);

test('an error is logged with its cause, and below the level nothing is', () => {
  expect(logged({ err: new Error('outer', { cause: new Error('inner') }) })).toMatch(/outer.*inner/);
  expect(logged({}, 'warn')).toBe('');
});
