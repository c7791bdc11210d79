import type { LocalTime, MeshTime } from '../base.ts';

/** Four stamps of one ping: sent and back by the asker's clock, received and returned by the other's. */
export interface Sample {
  readonly sent: LocalTime;
  readonly received: LocalTime;
  readonly returned: LocalTime;
  readonly back: LocalTime;
}

/** A line from one clock to another: `to = from + offset + skew × (from − origin)`. */
export interface ClockMap {
  readonly origin: number;
  /** ms */
  readonly offset: number;
  /** Rate difference, without unit: 1e-6 is 1 ppm. */
  readonly skew: number;
}

export const IDENTITY_MAP: ClockMap = { origin: 0, offset: 0, skew: 0 };

/** ms there and back, without the time spent over there. */
export const roundTripOf = ({ sent, received, returned, back }: Sample): number => Math.max(0, back - sent - (returned - received));

export const toMesh = (map: ClockMap, local: LocalTime): MeshTime => (local + map.offset + map.skew * (local - map.origin)) as MeshTime;

export const toLocal = (map: ClockMap, mesh: MeshTime): LocalTime =>
  ((mesh - map.offset + map.skew * map.origin) / (1 + map.skew)) as LocalTime;
