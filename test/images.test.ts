import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

// The names of images stand in the Dockerfile, in compose.yaml and in the chart; the settings in compose.yaml are the program's.

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, { image: string; profiles?: string[]; environment?: Record<string, string> }>;
};
const dockerfile = read('docker/Dockerfile');
/** Stages that are images: those with an entry point, and those made from one. */
const targets = [...dockerfile.matchAll(/^FROM (?:runtime|service|batch) AS (\w+)$/gm)].map((match) => match[1]!);

test('compose.yaml uses images that the Dockerfile makes, with the version of the project', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const own = Object.values(compose.services).flatMap(({ image }) => {
    const match = /pokewatch-(\w+):\$\{POKEWATCH_TAG:-(.*)\}$/.exec(image);
    return match === null ? [] : [{ target: match[1]!, tag: match[2]! }];
  });
  expect([...new Set(own.map(({ target }) => target))].sort()).toEqual(['api', 'batch', 'decision', 'model']);
  for (const { target, tag } of own) {
    expect(targets).toContain(target);
    expect(tag).toBe(version);
  }
});

test('the chart uses images that the Dockerfile makes', () => {
  const { image } = parse(read('helm/pokewatch/values.yaml')) as { image: { digests: Record<string, string> } };
  for (const name of Object.keys(image.digests)) expect(targets).toContain(name);
});

test('compose.yaml has the profiles core, mlflow and monitoring, and sets only what is a setting', () => {
  const profiles = new Set(Object.values(compose.services).flatMap((service) => service.profiles ?? []));
  for (const profile of ['core', 'mlflow', 'monitoring']) expect(profiles).toContain(profile);
  const settings = read('.env.example');
  for (const name of Object.keys(compose.services.gateway?.environment ?? {})) expect(settings).toContain(`${name}=`);
});
