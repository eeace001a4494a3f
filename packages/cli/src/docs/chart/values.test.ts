import { expect, test } from 'vitest';
import { chartValues } from './values.ts';

const TEXT = `# yaml-language-server: $schema=values.schema.json
#
# About this file.

image:
  # -- Where from.
  registry: ghcr.io/pokewatch
  digests:
    # -- Digest of one.
    # It goes on here.
    api: ""
# -- Free names.
settings: {}
gateway:
  # -- Amounts.
  resources:
    requests: {cpu: 200m}
  # A note for readers of the file.
  # -- Hosts.
  hosts: [a, b]
`;

test('each described value has its path, default and words', () => {
  expect(chartValues(TEXT)).toEqual([
    { path: ['image', 'registry'], fallback: 'ghcr.io/pokewatch', doc: 'Where from.' },
    { path: ['image', 'digests', 'api'], fallback: '', doc: 'Digest of one. It goes on here.' },
    { path: ['settings'], fallback: {}, doc: 'Free names.' },
    { path: ['gateway', 'resources'], fallback: { requests: { cpu: '200m' } }, doc: 'Amounts.' },
    { path: ['gateway', 'hosts'], fallback: ['a', 'b'], doc: 'Hosts.' },
  ]);
});

test('a description above the first value of the file is found', () => {
  expect(chartValues('# About.\n\n# -- On or off.\non: true\n')).toEqual([
    { path: ['on'], fallback: true, doc: 'On or off.' },
  ]);
});

test('a value without a description is an error that names it', () => {
  expect(() => chartValues('image:\n  # A note.\n  tag: ""\n')).toThrow('image.tag has no comment');
});
