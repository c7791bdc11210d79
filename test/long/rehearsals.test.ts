import { describe, expect, it } from 'vitest';
import { rehearse } from '../sim/rehearsal.ts';

/** Before scores said anything of distribution. */
const AS_THEN = { axes: undefined };

describe('a rehearsal that once failed', () => {
  it('[SM7] once failed, now named: a master that slept through a trigger adopts an edit and moves nobody', () => {
    expect(rehearse(75, AS_THEN).violations).toEqual([]);
  });

  it('[SM7] once failed, now named: a link that was silent for a moment goes on exchanging documents', () => {
    expect(rehearse(54, AS_THEN).violations).toEqual([]);
  });

  it('[SM7] once failed, now named: statements of lineage that overtake each other leave nobody without a score', () => {
    expect(rehearse(2055, AS_THEN).violations).toEqual([]);
  });

  it('[SM7] once failed, now named: who has another score at the play asks its author for the structure, and is there at once', () => {
    expect(rehearse(5023, AS_THEN).violations).toEqual([]);
  });
});
