// What every npm script runs: `launch.mjs pokewatch|test|check|bench …`. Plain JavaScript, because nothing is installed yet.
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `PokeWatch needs Node 20 or newer; this is ${process.version}.\n  Install a newer one from https://nodejs.org and run the command again.`,
  );
  process.exitCode = 2;
} else {
  import('../launcher/launch.mjs').then(({ launch }) => launch(process.argv.slice(2)));
}
