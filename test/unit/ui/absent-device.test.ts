import { expect, it } from 'vitest';
import { absentDevice, addressFault } from '../../../src/ui/inspector/absent-device.ts';

const here = [{ name: 'keys' }, { name: 'sound' }];

it('names the first device that is not here, and nothing else', () => {
  expect(absentDevice(['keys:/a', 'theremin:/pitch', 'lamp:/1'], here)).toBe('theremin');
  expect(absentDevice(['keys:/a', 'sound:/lead'], here)).toBeUndefined();
  expect(absentDevice(['no address', '', '*:/x', '{lamp,keys}:/x'], here)).toBeUndefined();
});

it('[XP2] says what is wrong with an address, and where', () => {
  expect(['', 'osc:/a', 'osc:/{1..8}/level@[gain.dB]', 'osc://x@[0][1]'].map(addressFault)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(addressFault('somewhere')).toBe('An address reads device:/path, as sound:/lead/volume.');
  expect(addressFault('osc:/a b')).toBe('Character 7: This does not belong to an address.');
  expect(addressFault('osc:/a@[furlong]')).toBe('Character 9: There is no unit "furlong".');
  expect(addressFault('osc:/[a')).toBe('Character 6: This [ is not closed.');
});
