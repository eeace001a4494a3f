export { type Delivered, deliver } from './deliver.ts';
export { OutboxFile } from './outbox.ts';
