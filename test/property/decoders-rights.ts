import { toVoucher } from '../../src/groups/vouchers.ts';
import { keyOf } from '../../src/mesh/rights.ts';
import { other, self, value, type Decoder } from './decoder.ts';

const voucher = { ids: new Uint8Array(32), proof: new Uint8Array(64) };

/** Those of rights. */
export const RIGHTS_DECODERS: Readonly<Record<string, Decoder>> = {
  'src/groups/vouchers.ts#toVoucher': value([voucher], (it) => [toVoucher(`${self}/${keyOf(other)}`, it), toVoucher(String(it), voucher)]),
};
