import { expect, it } from 'vitest';
import { absentDevice } from '../../../src/ui/inspector/absent-device.ts';

const here = [{ name: 'keys' }, { name: 'sound' }];

it('names the first device that is not here, and nothing else', () => {
  expect(absentDevice(['keys:/a', 'theremin:/pitch', 'lamp:/1'], here)).toBe('theremin');
  expect(absentDevice(['keys:/a', 'sound:/lead'], here)).toBeUndefined();
  expect(absentDevice(['no address', ''], here)).toBeUndefined();
});
