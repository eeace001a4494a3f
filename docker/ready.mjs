// `ready.mjs PORT`: exit code 0 when the service on this port takes requests; for HEALTHCHECK.
import process from 'node:process';

const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/readyz`).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
