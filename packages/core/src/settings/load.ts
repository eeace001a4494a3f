import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { PokewatchError, systemCode } from '../errors.ts';
import { didYouMean } from '../suggest.ts';
import type { Setting } from './setting.ts';
import { SETTINGS, type SettingName, type Settings } from './table.ts';

const NAMES = Object.keys(SETTINGS) as SettingName[];

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment into settings. Unknown `POKEWATCH_*` names and values of the wrong kind are all reported in
 * one `bad_setting` error that names the setting and the rule, never the value (it may be a secret).
 */
export function parseSettings(env: Env): Settings {
  const faults: string[] = [];
  for (const name of Object.keys(env)) {
    if (name.startsWith('POKEWATCH_') && !(name in SETTINGS)) {
      faults.push(`${name} is not a setting. ${didYouMean(name, NAMES)}`.trim());
    }
  }
  const settings: Record<string, unknown> = {};
  for (const name of NAMES) {
    const setting: Setting = SETTINGS[name];
    const given = env[name];
    const result = setting.schema.safeParse(given === undefined || given === '' ? setting.fallback : given);
    if (result.success) settings[name] = result.data;
    else
      faults.push(
        `${name}: ${result.error.issues.map((issue) => withoutValue(issue.message)).join('; ')} (${setting.doc})`,
      );
  }
  if (faults.length > 0) {
    throw new PokewatchError('bad_setting', faults.join('\n'), {
      hint: 'Settings come from the environment and from .env; docs/settings.md lists them.',
    });
  }
  return settings as Settings;
}

/**
 * Reads `.env` in `folder` (when there is one) below the environment: a name set in the environment wins.
 * @throws bad_setting when `.env` cannot be read.
 */
export function withEnvFile(env: Env, folder: string): Env {
  let text: string;
  try {
    text = readFileSync(`${folder}/.env`, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return env;
    throw new PokewatchError('bad_setting', `${folder}/.env cannot be read (${systemCode(error) ?? 'unknown'})`, {
      cause: error,
    });
  }
  return { ...parseEnv(text), ...env };
}

/** Zod's messages may quote what was received; a mistyped secret must not reach a log. */
function withoutValue(message: string): string {
  return message.replace(/, received .*/, '');
}
