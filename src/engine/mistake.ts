/** What is wrong with a text that a person wrote. */
export interface Mistake {
  /** A plain sentence. */
  readonly message: string;
  /** Character position in the text. */
  readonly at: number;
}
