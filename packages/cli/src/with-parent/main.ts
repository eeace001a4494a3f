// Loaded into every process that `start` makes: it ends when its parent is gone, so that nothing keeps a port behind.
import process from 'node:process';

process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
