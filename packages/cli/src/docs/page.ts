/** A page that is made from the code; nobody edits it by hand. */
export interface Page {
  readonly path: string;
  readonly text: string;
}
