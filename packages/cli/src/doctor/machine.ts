import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dayOf, type Settings, systemCode } from '@pokewatch/core';
import { fetchRawList, isS3, makeFolder, withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { bucketCheck } from './bucket.ts';
import { type Finding, finding } from './finding.ts';

const LEAST_NODE = 24;
const MB = 1_000_000;
const WARN_MB = 1000;
const FAIL_MB = 100;

/** Whether the Node that runs this is new enough to run TypeScript by itself. */
export function nodeCheck(context: Context): Promise<Finding> {
  return finding('node', () => {
    const good = Number(context.nodeVersion.replace(/^v/, '').split('.')[0]) >= LEAST_NODE;
    if (good) return { state: 'ok', text: context.nodeVersion };
    return {
      state: 'fail',
      text: `${context.nodeVersion} runs this`,
      todo: 'Start it by `npm run pokewatch -- …`, which brings its own Node.',
    };
  });
}

/** Whether what is installed is what the lockfile wants. */
export function installCheck(context: Context): Promise<Finding> {
  return finding('install', async () => {
    const url = pathToFileURL(join(context.root, 'packages/cli/launcher/workspace.mjs')).href;
    const { isFresh } = (await import(url)) as { isFresh(root: string): boolean };
    if (isFresh(context.root)) return { state: 'ok', text: `complete in ${context.root}` };
    return {
      state: 'warn',
      text: 'not made by the launcher, or older than the lockfile',
      todo: 'Any `npm run pokewatch -- …` brings it up to date.',
    };
  });
}

/** Whether the data can be written: the folder, with room in it, or the bucket. */
export function dataCheck(context: Context, settings: Settings): Promise<Finding> {
  if (isS3(settings.POKEWATCH_DATA)) return bucketCheck(settings);
  return finding('data folder', () => {
    const folder = resolve(context.cwd, settings.POKEWATCH_DATA);
    try {
      makeFolder(folder);
      const trial = mkdtempSync(join(folder, '.doctor-'));
      writeFileSync(join(trial, 'trial'), 'trial');
      rmSync(trial, { recursive: true });
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      return {
        state: 'fail',
        text: `${folder} cannot be written (${code})`,
        todo: 'Give this user the right to write there, or set POKEWATCH_DATA.',
      };
    }
    const { bavail, bsize } = statfsSync(folder);
    const free_mb = Math.round((bavail * bsize) / MB);
    const state = free_mb < FAIL_MB ? 'fail' : free_mb < WARN_MB ? 'warn' : 'ok';
    const text = `${folder}, ${free_mb} MB free`;
    return state === 'ok' ? { state, text } : { state, text, todo: `Make room: ${WARN_MB} MB is comfortable.` };
  });
}

/** Whether the clock can be right: nothing was collected in its future, and it is not fixed. */
export function clockCheck(context: Context, settings: Settings): Promise<Finding> {
  return finding('clock', async () => {
    const now = context.clock().now();
    const files = await withStore(settings, (store) => fetchRawList(store));
    const newest = files
      .map((file) => file.collected)
      .sort()
      .at(-1);
    if (newest !== undefined && newest > dayOf(now)) {
      return {
        state: 'fail',
        text: `it says ${dayOf(now)}, but prices were collected on ${newest}`,
        todo: 'Set the clock of this machine (or POKEWATCH_NOW) right.',
      };
    }
    if (settings.POKEWATCH_NOW !== '') {
      return {
        state: 'warn',
        text: `stands still at ${settings.POKEWATCH_NOW}`,
        todo: 'Unset POKEWATCH_NOW, unless this is a replay.',
      };
    }
    return { state: 'ok', text: now.toISOString() };
  });
}
