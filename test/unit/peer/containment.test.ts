import { expect, it } from 'vitest';
import { createContainment } from '../../../src/containment.ts';

it('[RN6] contains what fails, says it once, and lets all else pass', () => {
  const said: string[] = [];
  const contain = createContainment((message) => void said.push(message));
  const fail = (): never => {
    throw new Error('invariant broken: x');
  };
  for (let i = 0; i < 3; i++) expect(contain('the turn', fail)).toBeUndefined();
  expect(contain('the turn', () => 7)).toBe(7);
  contain('a message', fail);
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('invariant broken: x');
});
