import { FAULTS } from './cases/all.ts';
import { Stage } from './support/stage.ts';

const stage = await Stage.create();
const pattern = new RegExp(process.argv[2] ?? '.');
const scale = { rate: Number(process.argv[3] ?? 200), during_ms: 600, after_ms: 1500, storm: 2000 };
try {
  for (const fault of FAULTS.filter((f) => pattern.test(f.name))) {
    if (fault.missing) {
      console.log('SKIP', fault.name, fault.missing);
      continue;
    }
    try {
      const seen = await fault.run(stage, scale);
      console.log(
        seen.breaches.length === 0 ? 'ok  ' : 'FAIL',
        fault.name,
        '|',
        JSON.stringify(seen.outcomes.by),
        (100 * seen.outcomes.error_share).toFixed(2) + '%',
        'slowest',
        Math.round(seen.outcomes.slowest_ms),
        'recovery',
        Math.round(seen.recovery_ms ?? -1),
        seen.note ?? '',
        seen.breaches.join('; '),
      );
    } catch (e) {
      console.log('THREW', fault.name, e);
    }
  }
} finally {
  await stage.close();
}
