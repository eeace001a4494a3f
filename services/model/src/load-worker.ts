import { enableCompileCache } from 'node:module';

// Compiled code that earlier starts kept; the thread is new for every load.
enableCompileCache();
await import('./load-thread.ts');
