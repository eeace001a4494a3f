import { CODE_VERSION } from '@pokewatch/core';
import { Command } from 'commander';
import { addBacktest } from './commands/backtest.ts';
import { addCards } from './commands/cards.ts';
import { addCollect } from './commands/collect.ts';
import { addDocs } from './commands/docs.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrift } from './commands/drift.ts';
import { addExplain } from './commands/explain.ts';
import { addExport } from './commands/export.ts';
import { addFairPrice } from './commands/fair-price.ts';
import { addFakeSource } from './commands/fake-source.ts';
import { addHelp } from './commands/help.ts';
import { addImport } from './commands/import.ts';
import { addKeys } from './commands/keys.ts';
import { addKpis } from './commands/kpis.ts';
import { addManifests } from './commands/manifests.ts';
import { addMlflow } from './commands/mlflow.ts';
import { addPipeline } from './commands/pipeline.ts';
import { addPreprocess } from './commands/preprocess.ts';
import { addSignals } from './commands/signals.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addTrain } from './commands/train.ts';
import { addTune } from './commands/tune.ts';
import type { Context } from './context.ts';
import type { Finish } from './finish.ts';

/** How commands stand in the list of `--help`: the daily ones first. */
const COMMANDS = [
  addStart,
  addSignals,
  addFairPrice,
  addExplain,
  addCards,
  addCollect,
  addImport,
  addExport,
  addPreprocess,
  addTrain,
  addMlflow,
  addTune,
  addPipeline,
  addKpis,
  addDrift,
  addBacktest,
  addStatus,
  addDoctor,
  addKeys,
  addFakeSource,
  addHelp,
  addDocs,
  addManifests,
];

/** The whole command line. `finish` gets the exit code of the command that ran. */
export function createProgram(context: Context, finish: Finish): Command {
  const program = new Command('pokewatch')
    .description('Which Pokemon cards are mispriced today, by how much, how sure are we, and were we right before?')
    .version(CODE_VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Settings come from the environment and from .env (docs/settings.md); exit codes are in docs/errors.md.
What it says is an estimate, not financial advice.`,
    );
  for (const add of COMMANDS) add(program, context, finish);
  return program;
}
