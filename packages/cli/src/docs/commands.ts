import type { Command } from 'commander';

const WIDTH = 100;

/** `docs/cli.md`: the help of every command, as it is printed. */
export function commandPage(program: Command): string {
  const parts = [
    '# Command line',
    'Every command runs as `npm run pokewatch -- <command>`; `npm start` is `pokewatch start`. Under npm, `--` comes before the options. Results go to standard output, everything else to standard error. `--json` prints JSON. Exit codes: [errors.md](errors.md#exit-codes).',
  ];
  for (const { command, path } of visible(program, 'pokewatch')) {
    if (command !== program) parts.push(`## ${path}`);
    parts.push(`\`\`\`text\n${helpOf(command)}\n\`\`\``);
  }
  return `${parts.join('\n\n')}\n`;
}

function visible(command: Command, path: string): { command: Command; path: string }[] {
  const inner = command.createHelp().visibleCommands(command);
  return [{ command, path }, ...inner.flatMap((one) => visible(one, `${path} ${one.name()}`))];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim();
}
