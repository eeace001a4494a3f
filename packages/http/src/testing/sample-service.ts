import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@pokewatch/core';
import * as z from 'zod';
import { type AppOptions, createApp, type Service } from '../app.ts';

const EchoSchema = z
  .object({
    name: z.string().min(1).max(20),
    price: z.number().positive().optional(),
    day: z.iso.date().nullable().optional(),
  })
  .meta({ id: 'Echo' });

/** A small service for tests: it echoes, it waits, and it fails. */
export async function sampleService(logger: Logger, options: Partial<AppOptions> = {}): Promise<Service> {
  const service = await createApp({
    service: 'sample',
    title: 'Sample',
    description: 'For tests.',
    logger,
    ...options,
  });
  const { app, readiness } = service;
  app.post('/echo', { schema: { body: EchoSchema, response: { 200: EchoSchema } } }, (request) => request.body);
  app.post(
    '/many',
    { schema: { body: z.array(EchoSchema).max(5), response: { 200: z.object({ count: z.int() }) } } },
    (request) => ({ count: request.body.length }),
  );
  app.get('/slow', { schema: { response: { 200: z.object({ done: z.boolean() }) } } }, async () => {
    await sleep(300);
    return { done: true };
  });
  app.get('/held', { schema: { response: { 200: z.object({ done: z.boolean() }) } } }, async (request) => {
    request.log.info('is held until the service stops');
    while (!readiness.draining) await sleep(10);
    await sleep(200);
    return { done: true };
  });
  app.get('/broken', { schema: { response: { 200: z.object({ done: z.boolean() }) } } }, () => {
    throw new Error('the secret is 42');
  });
  return service;
}
