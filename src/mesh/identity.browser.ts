import { fromBase64, toBase64 } from 'lib0/buffer';
import type { Random } from './host.ts';
import { createIdentity, identityFrom, SECRET_BYTES, type Identity } from './identity.ts';

/** Which of an installation's tabs this is. */
export interface Instance {
  /** 0 for the first; the same again after a reload. */
  readonly number: number;
  release(): void;
}

const IDENTITY_KEY = 'tutti identity';
const INSTANCE_KEY = 'tutti instance';
const INSTANCES_MAX = 64;
/** A page that reloads frees its lock a little late. */
const RELOAD_WAIT_MS = 500;
const LEASE_MS = 4000;
const LEASE_RENEW_MS = 1000;
const SETTLE_MS = 100;

/** The key of this installation, once `claimInstance` made sure of it; a new one for each page where nothing can be stored. */
export function loadIdentity(random: Random): Identity {
  const secret = readSecret();
  return secret === undefined ? createIdentity(random) : identityFrom(secret);
}

/** Several tabs may be opened at once in a new browser: they must end up with one key. */
async function ensureSecret(): Promise<void> {
  const ensure = (): void => {
    if (readSecret() === undefined) write('localStorage', IDENTITY_KEY, toBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))));
  };
  const locks = findLocks();
  if (locks !== undefined) await locks.request(IDENTITY_KEY, () => Promise.resolve(ensure()));
  else if (readSecret() === undefined) {
    ensure();
    await settle();
  }
}

function readSecret(): Uint8Array | undefined {
  const stored = read('localStorage', IDENTITY_KEY);
  return stored === undefined ? undefined : decodeSecret(stored);
}

/** Browsers without a secure context have no locks. */
const findLocks = (): LockManager | undefined => (navigator as { locks?: LockManager }).locks;

/** Until a write of another tab that read the same is to be seen. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

function decodeSecret(text: string): Uint8Array | undefined {
  try {
    const bytes = fromBase64(text);
    return bytes.length === SECRET_BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the number this tab had before, else the lowest free one; makes the installation's key where there is none. */
export async function claimInstance(): Promise<Instance> {
  await ensureSecret();
  const before = Number(read('sessionStorage', INSTANCE_KEY) ?? NaN);
  const locks = findLocks();
  const claim = locks === undefined ? claimLease : (number: number, wait: number) => claimLock(locks, number, wait);
  const isKnown = Number.isSafeInteger(before) && before >= 0 && before < INSTANCES_MAX;
  const instance = (isKnown ? await claim(before, RELOAD_WAIT_MS) : undefined) ?? (await claimLowest(claim));
  write('sessionStorage', INSTANCE_KEY, String(instance.number));
  return instance;
}

type Claim = (number: number, wait: number) => Promise<Instance | undefined>;

async function claimLowest(claim: Claim): Promise<Instance> {
  for (let number = 0; number < INSTANCES_MAX; number++) {
    const instance = await claim(number, 0);
    if (instance !== undefined) return instance;
  }
  return { number: INSTANCES_MAX, release: () => undefined };
}

/** Held for the page's life; it also keeps the browser from freezing a page in the background. */
function claimLock(locks: LockManager, number: number, wait: number): Promise<Instance | undefined> {
  const name = `tutti instance ${number}`;
  return new Promise((resolve) => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) return void resolve(undefined);
      return new Promise((release) => resolve({ number, release }));
    };
    const options: LockOptions = wait === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(wait) };
    locks.request(name, options, hold).catch(() => resolve(undefined));
  });
}

/** A dated entry that its holder renews; what was released or not renewed is free. */
async function claimLease(number: number): Promise<Instance | undefined> {
  const name = `tutti lease ${number}`;
  const [until] = (read('localStorage', name) ?? '0').split(' ').map(Number);
  if (until !== undefined && until > Date.now() && until < Date.now() + LEASE_MS) return undefined;
  const token = Array.from(crypto.getRandomValues(new Uint32Array(2))).join('.');
  const renew = (): void => write('localStorage', name, `${Date.now() + LEASE_MS - 1} ${token}`);
  renew();
  // Two tabs may have read the same free entry: the one who wrote last has it.
  await settle();
  if (read('localStorage', name)?.endsWith(token) === false) return undefined;
  const timer = setInterval(renew, LEASE_RENEW_MS);
  const release = (): void => {
    clearInterval(timer);
    write('localStorage', name, '0');
  };
  addEventListener('pagehide', release, { once: true });
  return { number, release };
}

type Place = 'localStorage' | 'sessionStorage';

/** Storage may be forbidden, even to name, or full: then nothing is kept. */
function read(place: Place, key: string): string | undefined {
  try {
    return globalThis[place].getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(place: Place, key: string, value: string): void {
  try {
    globalThis[place].setItem(key, value);
  } catch {
    return;
  }
}
