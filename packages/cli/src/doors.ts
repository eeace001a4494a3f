import { PokewatchError, type Settings } from '@pokewatch/core';

/** Makes sure that the gateway can ask for keys when it is told to. @throws bad_setting */
export function checkDoors(settings: Settings): void {
  if (!settings.AUTH_ENABLED || settings.API_KEYS.length > 0) return;
  throw new PokewatchError('bad_setting', 'AUTH_ENABLED asks for keys, but API_KEYS has none', {
    hint: 'Set API_KEYS, or AUTH_ENABLED=false.',
  });
}
