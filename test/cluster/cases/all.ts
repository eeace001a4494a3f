import type { Case } from '../support/case.ts';
import { plainManifests, reinstalled } from './again.ts';
import { airflow } from './airflow.ts';
import { apiAway } from './api-away.ts';
import { scalesUpAndBack } from './autoscaling.ts';
import { described, missedReload, pipelineByHand, refusedModel, stepsByHand } from './by-hand.ts';
import { noVolume, outOfMemory, tooSlow } from './collector.ts';
import { readOnly, restricted, wrongValues } from './doors.ts';
import { everything } from './everything.ts';
import { guarded } from './guarded.ts';
import { freshInstall, helmTest } from './install.ts';
import { nodeLost, onS3 } from './node.ts';
import { killedInTheMiddle, twoAtOnce } from './pipelines.ts';
import { killed, rollingUpgrade } from './replicas.ts';

/** All cases in their order: each finds the platform as the one before it left it. */
export const CASES: readonly Case[] = [
  wrongValues,
  everything,
  freshInstall,
  restricted,
  readOnly,
  helmTest,
  stepsByHand,
  airflow,
  pipelineByHand,
  described,
  missedReload,
  refusedModel,
  outOfMemory,
  tooSlow,
  noVolume,
  twoAtOnce,
  killedInTheMiddle,
  apiAway,
  ...killed,
  rollingUpgrade,
  scalesUpAndBack,
  guarded,
  reinstalled,
  plainManifests,
  onS3,
  nodeLost,
];
