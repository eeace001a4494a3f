export * from './faults.ts';
export * from './latent.ts';
export * from './market.ts';
export * from './parameters.ts';
export * from './quotes.ts';
