import { compare } from '../base.ts';

/** Another session, as one of its peers tells. */
export interface OtherSession {
  readonly id: string;
  /** ms by which it is older; mesh time is a session's age. */
  readonly ahead: number;
  /** ms for which that peer has been heard. */
  readonly heardFor: number;
  /** How many more ready peers are known in it than in the own one. */
  readonly more: number;
}

/** ms; sessions nearer in age are as old as each other, and the lesser id wins. */
const SAME_AGE = 500;
/** ms by which both sides keep clear of adopting each other: they see the difference of age not quite alike. */
const AGE_MARGIN = 50;
/** ms after which the greater id yields inside the margin too: by then the other side would have. */
const PATIENCE = 2000;

/** The session of more peers stays: nobody who is alone, or lies about his age, ends what others are in. Among as many it is
 *  Ableton Link's rule: the older stays, the other adopts it [CK8]. Source: Link, Sessions.hpp. */
export function yieldsTo(own: string, { id, ahead, heardFor, more }: OtherSession): boolean {
  if (more !== 0) return more > 0;
  if (compare(id, own) > 0) return ahead > SAME_AGE + AGE_MARGIN;
  return ahead > -SAME_AGE || (ahead > -SAME_AGE - 2 * AGE_MARGIN && heardFor > PATIENCE);
}
