import { compare } from '../../base.ts';
import type { Field } from '../fields.ts';
import type { RawEntry } from '../raw.ts';

/**
 * Values whose concurrent nudges add up: the base of the present epoch plus what every client added to it. Sums are taken
 * in order of key, since adding floats in another order gives another number [SC8].
 */
export interface Registers {
  read(id: string, field: string, range: Field<number>): number;
  epoch(id: string, field: string): string;
}

export const registerKey = (id: string, field: string): string => `${id}/${field}`;
export const deltaKey = (id: string, field: string, epoch: string, client: number): string => `${id}/${field}/${epoch}/${client}`;

/** Sums are rounded, so that −0.1 undoes 0.1. */
const PRECISION = 1e6;
const EPOCH_LENGTH_MAX = 64;

export function createRegisters(raw: RawEntry): Registers {
  const deltas = new Map<string, { readonly key: string; readonly by: number }[]>();
  for (const [key, by] of raw) {
    const end = key.lastIndexOf('/');
    if (typeof by !== 'number' || !Number.isFinite(by)) continue;
    const group = key.slice(0, end);
    const list = deltas.get(group);
    if (list) list.push({ key, by });
    else deltas.set(group, [{ key, by }]);
  }
  const epoch = (id: string, field: string): string => toSetting(raw.get(registerKey(id, field)))?.epoch ?? '';
  return {
    epoch,
    read(id, field, range) {
      const base = toSetting(raw.get(registerKey(id, field)))?.base ?? range.initial;
      const own = deltas.get(`${registerKey(id, field)}/${epoch(id, field)}`) ?? [];
      const sum = own.sort((a, b) => compare(a.key, b.key)).reduce((total, { by }) => total + by, base);
      return range.repair?.(Math.round(sum * PRECISION) / PRECISION) ?? range.initial;
    },
  };
}

function toSetting(input: unknown): { readonly epoch: string; readonly base: number } | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { epoch, base } = input as Record<string, unknown>;
  if (typeof epoch !== 'string' || epoch.length > EPOCH_LENGTH_MAX || epoch.includes('/')) return undefined;
  return typeof base === 'number' && Number.isFinite(base) ? { epoch, base } : undefined;
}
