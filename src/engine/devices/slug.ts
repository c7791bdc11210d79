/** A name as part of an address: `nanoKONTROL2 (1)` → `nanokontrol2-1`; never empty. */
export const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48) || 'device';

/** As above, with a number where the name is taken. */
export function uniqueSlug(name: string, isTaken: (slug: string) => boolean): string {
  const base = slug(name);
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? base : `${base}-${i}`;
    if (!isTaken(candidate)) return candidate;
  }
}
