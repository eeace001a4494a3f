import { EXIT } from '@pokewatch/contracts';
import { describeError, didYouMean, exitCodeOf, isPokewatchError } from '@pokewatch/core';
import { type Command, CommanderError } from 'commander';
import type { Context } from './context.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command line.
 * @returns the exit code. Errors are told on standard error, without a stack trace.
 */
export async function runCli(args: readonly string[], context: Context): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(context, (given) => {
    code = given;
  });
  forEachCommand(program, (command) => prepare(command, context));
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    context.err(`pokewatch: ${describeError(error)}`);
    if (!isPokewatchError(error))
      context.err('  This is a fault of the program. LOG_LEVEL=debug shows where it happened; please report it.');
    if (context.env.LOG_LEVEL === 'debug' && error instanceof Error) context.err(error.stack ?? '');
    return exitCodeOf(error);
  }
}

/** Every command and what it holds. */
function forEachCommand(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const inner of command.commands) forEachCommand(inner, visit);
}

function prepare(command: Command, context: Context): void {
  command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => context.out(text.trimEnd()),
      writeErr: (text) => context.err(text.trimEnd()),
      getOutHelpWidth: () => context.width ?? 100,
      getErrHelpWidth: () => context.width ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(usageError(text, command)),
    });
}

/** A fault of usage in the words of all other errors: what is wrong, then what to do. */
function usageError(text: string, command: Command): string {
  const [what = '', suggestion] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  // A word after a command that has subcommands and a default one was meant as a subcommand.
  const meant =
    command.parent?.parent && /^too many arguments for '.*got \d+: ([^,]+)/.exec(what)?.[1]?.replace(/\.$/, '');
  if (meant) {
    const known = command.parent?.commands.map((inner) => inner.name()) ?? [];
    const hint = didYouMean(meant, known) || `There are ${known.join(', ')}.`;
    return `pokewatch: unknown command '${commandPath(command.parent!).replace(/^pokewatch /, '')} ${meant}'\n  ${hint}`;
  }
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1') ?? `See \`${commandPath(command)} --help\`.`;
  return `pokewatch: ${what}\n  ${hint}`;
}

function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}
