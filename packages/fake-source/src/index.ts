export { FAKE_NAMES, type Fake, type FakeOptions, type LoggedRequest, startFake } from './fake.ts';
export type { Modes } from './kind.ts';
export { TROUBLES, type Trouble } from './trouble.ts';
