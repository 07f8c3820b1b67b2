/** A text: words as they are, or made from one object of parameters (numbers, names). */
type Text = string | ((p: never) => string);

/** The texts of one feature: flat, from key to text. */
export type Section = Record<string, Text>;

/**
 * What a translation must be: the same keys, with the same parameters. `satisfies` and `Of` turn
 * a forgotten text, or one that lacks a parameter, into a compile error.
 */
export type Of<S extends Section> = {
  [K in keyof S]: S[K] extends (p: infer P) => string ? (p: P) => string : string;
};
