/** Of each peer's 250 packets a second [LR3], what is kept for pings of one link (there and back) and for all that is no pit. */
const PACKETS = 250;
const PINGS_PER_LINK = 8;
const RESERVE = 26;
/** Hz; a fader drawn fast is sixty values a second. */
const RATE_MAX = 60;
/** Values that a peer takes in a second, from all who move something. */
const VALUES = 600;
/** Hz, of what a clock master states; over more links half of what they bear. */
const STATED_MAX = 20;
/** ms; values of one turn leave together. */
export const PERIOD_MIN = 16;

const perLink = (links: number): number => (links > 0 ? (PACKETS - RESERVE - PINGS_PER_LINK * links) / links : RATE_MAX);

/**
 * ms between two values of one pit of one peer [PT3]. moving: peers who put something new in, self included. links: at
 * least 0; besides: what else is sent over each, Hz.
 */
export function pitPeriod(moving: number, links: number, besides = 0): number {
  const rate = Math.max(1, Math.min(RATE_MAX, VALUES / Math.max(1, moving), perLink(links) - besides));
  return rate >= RATE_MAX ? PERIOD_MIN : 1000 / rate;
}

/** ms between two values of aligned pits that a clock master states [PT8]. links: at least 0. */
export const statedPeriod = (links: number): number => 1000 / Math.max(1, Math.min(STATED_MAX, perLink(links) / 2));
