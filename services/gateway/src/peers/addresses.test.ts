import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Addresses } from './addresses.ts';

let named: readonly string[] | Error;
let told: (readonly string[])[];
let addresses: Addresses;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  told = [];
});
afterEach(() => {
  addresses.end();
  vi.useRealTimers();
});

function follow(...urls: string[]): void {
  addresses = new Addresses(
    urls,
    (found) => told.push(found),
    async () => {
      if (named instanceof Error) throw named;
      return named;
    },
  );
}

test('addresses are taken as they are, and names followed as their addresses come and go', async () => {
  named = ['10.0.0.2', '10.0.0.1'];
  follow('http://10.0.0.9:3000/base', 'http://model:3000');
  await vi.advanceTimersByTimeAsync(0);
  named = ['10.0.0.2', 'fd00::1'];
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toEqual([
    ['http://10.0.0.9:3000/base', 'http://model:3000/'],
    ['http://10.0.0.9:3000/base', 'http://10.0.0.1:3000/', 'http://10.0.0.2:3000/'],
    ['http://10.0.0.9:3000/base', 'http://10.0.0.2:3000/', 'http://[fd00::1]:3000/'],
  ]);
});

test('the last addresses stay while the name is not found, and nothing is told when nothing changed', async () => {
  named = ['10.0.0.1'];
  follow('http://model:3000');
  await vi.advanceTimersByTimeAsync(1000);
  named = new Error('ENOTFOUND');
  await vi.advanceTimersByTimeAsync(3000);
  named = [];
  await vi.advanceTimersByTimeAsync(3000);
  expect(told.slice(1)).toEqual([['http://10.0.0.1:3000/']]);
});

test('a name with TLS stays a name, and two names with the same address are one replica', async () => {
  named = ['10.0.0.1'];
  follow('https://model:3000', 'http://a:1', 'http://b:1');
  await vi.advanceTimersByTimeAsync(0);
  expect(told.at(-1)).toEqual(['https://model:3000/', 'http://10.0.0.1:1/']);
});
