import type { MeshTime } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import { meshAt, positionAt } from './plan.ts';
import type { Piece } from './plan.ts';

/** Differences below this many ms are rounding, not another line. */
const SAME_MS = 0.01;

const originOf = (piece: Piece): number => piece.from - piece.position / piece.rate / FLICKS_PER_MS;

/** The two lie on one line, so that who follows the first is right to follow the second. */
export const isSameLine = (a: Piece | undefined, b: Piece | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.rate === b.rate && Math.abs(originOf(a) - originOf(b)) < SAME_MS);

/** The second begins where and when the first ends, both forward: another speed, but no break. */
export const isContinued = (piece: Piece, next: Piece | undefined): next is Piece =>
  next?.from === piece.to &&
  piece.rate > 0 &&
  next.rate > 0 &&
  Math.abs(positionAt(piece, piece.to) - next.position) < SAME_MS * FLICKS_PER_MS * Math.max(1, piece.rate);

const at = (pieces: readonly Piece[], date: number): Piece | undefined => pieces.find(({ from, to }) => from <= date && date < to);

/** First date in [from, to) from which on two plans of one occurrence differ; undefined when they agree there. */
export function divergence(a: readonly Piece[], b: readonly Piece[], [from, to]: readonly [MeshTime, MeshTime]): MeshTime | undefined {
  const isWhole = (pieces: readonly Piece[]): boolean => pieces.length === 1 && pieces[0]!.from <= from && pieces[0]!.to >= to;
  // As good as always, and asked of all that runs at every turn.
  if (isWhole(a) && isWhole(b) && isSameLine(a[0], b[0])) return undefined;
  const edges = [from, ...[...a, ...b].flatMap((piece) => [piece.from, piece.to])].filter((edge) => edge >= from && edge < to);
  const sorted = edges.sort((x, y) => x - y);
  for (const [i, edge] of sorted.entries()) {
    const next = sorted[i + 1] ?? to;
    if (next - edge < SAME_MS) continue;
    const middle = Number.isFinite(next) ? (edge + next) / 2 : edge + 1;
    if (!isSameLine(at(a, middle), at(b, middle))) return edge;
  }
  return undefined;
}

/** Ends in [from, to) after which nothing goes on from there. */
export const endsIn = (pieces: readonly Piece[], [from, to]: readonly [MeshTime, MeshTime]): readonly Piece[] =>
  pieces.filter((piece) => {
    if (piece.to < from || piece.to >= to) return false;
    const next = at(pieces, piece.to);
    return !isSameLine(piece, next) && !isContinued(piece, next);
  });

/** Date at which pieces that go on from one another, beginning with the one at `first`, pass a position; at most the end of the last. */
export function passing(pieces: readonly Piece[], first: number, position: number): MeshTime {
  let piece = pieces[first]!;
  for (let i = first + 1; meshAt(piece, position) > piece.to && isContinued(piece, pieces[i]); i++) piece = pieces[i]!;
  return Math.min(piece.to, meshAt(piece, position)) as MeshTime;
}
