import { ERRORS, type ErrorFamily, EXIT } from '@pokewatch/contracts';

const FAMILIES: Readonly<Record<ErrorFamily, string>> = {
  fix: 'fix the request, file or setting',
  retry: 'try again later',
  call: 'the program or its data is at fault',
};

const EXITS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'Done. Also when `start` was asked to stop.',
  failed:
    'A fault of the program or of its data, a service that died, a failed check of `doctor`, `cards check` or `docs --check`.',
  usage: 'Something to fix: the command line, a setting, a file, a taken port, missing data.',
  refused: '`train` worked, but the new model was refused; what served before serves on.',
  locked: 'The same job is already running on this data; of `pipeline`: another run is under way.',
  unavailable: 'Try again later: a source is unavailable or out of quota.',
  timed_out:
    'A job ran into POKEWATCH_JOB_LIMIT_MS, or a run of `pipeline` into its own limit; run again, it goes on where it stopped.',
  stopped: 'A job was stopped by a signal; run again, it goes on where it stopped.',
};

/** `docs/errors.md`: exit codes and error codes. */
export function errorPage(): string {
  const exits = Object.entries(EXIT).map(([name, code]) => `| ${code} | ${EXITS[name as keyof typeof EXIT]} |`);
  const errors = Object.entries(ERRORS).map(
    ([code, { status, title, family }]) => `| \`${code}\` | ${status} | ${title} | ${FAMILIES[family]} |`,
  );
  return `# Errors

Errors say what happened and where, then what to do. HTTP errors are \`application/problem+json\` (RFC 9457) with one of the
codes below; commands end with an exit code.

## Exit codes

| code | meaning |
|---|---|
${exits.join('\n')}

## Error codes

| code | HTTP status | title | what to do |
|---|---|---|---|
${errors.join('\n')}
`;
}
