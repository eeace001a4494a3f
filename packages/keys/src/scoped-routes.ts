import type { Settings } from '@pokewatch/core';
import { HttpProblem, type Service } from '@pokewatch/http';
import { createKeyDoor } from './key-door.ts';

/**
 * Asks for a key on the routes that name a scope and are added after this; the others stay as they are, without a cost.
 * @throws as `createKeyDoor`
 */
export async function guardScopedRoutes({ app, logger, metrics }: Service, settings: Settings): Promise<void> {
  const door = await createKeyDoor({ settings, logger, metrics });
  app.addHook('onRoute', (route) => {
    const { scope } = route.config ?? {};
    if (scope === undefined) return;
    route.onRequest = (request, _reply, done) => {
      const holder = door.identify(request.headers);
      done(holder instanceof HttpProblem ? holder : door.refuse(holder, scope));
    };
  });
  app.addHook('onClose', async () => door.close());
}
