/** A command that ends with an exit code. */
export type Finish = (code: number) => void;
