import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as settle } from 'node:timers/promises';
import { identityFrom, SECRET_BYTES, type Identity } from './identity.ts';

/** A place in a folder that several processes may share: their one key, and which of them this is. */
export interface NodeInstance {
  readonly identity: Identity;
  /** 0 for the first; the lowest that no living process has. */
  readonly number: number;
  release(): void;
}

const INSTANCES_MAX = 64;
const SETTLE_MS = 50;

/**
 * folder: made if it is not there. Rejects with an Error for the person who starts this: a folder that cannot be written,
 * a key that is none.
 */
export async function claimNodeInstance(folder: string): Promise<NodeInstance> {
  mkdirSync(folder, { recursive: true });
  const identity = identityFrom(ensureSecret(join(folder, 'identity')));
  for (let number = 0; number < INSTANCES_MAX; number++) {
    const path = join(folder, `instance-${number}`);
    if (await claim(path)) return { identity, number, release: () => rmSync(path, { force: true }) };
  }
  throw new Error(`${folder} is in use by ${INSTANCES_MAX} processes already.`);
}

/** Written beside and then linked, so that nobody reads half a key; who comes second takes the first one's. */
function ensureSecret(path: string): Uint8Array {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, Buffer.from(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).toString('base64'), { mode: 0o600 });
  attempt(() => linkSync(beside, path));
  rmSync(beside);
  const secret = new Uint8Array(Buffer.from(readFileSync(path, 'utf8'), 'base64'));
  if (secret.length !== SECRET_BYTES)
    throw new Error(`${path} holds no key. Remove it, and a new one is made: then this is somebody else.`);
  return secret;
}

/** A file with the number of the process that has the place. Two may find the same one left behind: who wrote last has it. */
async function claim(path: string): Promise<boolean> {
  const mine = String(process.pid);
  const isNew = attempt(() => writeFileSync(path, mine, { flag: 'wx' }));
  if (isNew) return true;
  if (isAlive(Number(attemptRead(path)))) return false;
  writeFileSync(path, mine);
  await settle(SETTLE_MS);
  return attemptRead(path) === mine;
}

/** Signal 0 only asks. A process of somebody else's lives, too. */
function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** False when the file was there already. */
function attempt(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function attemptRead(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
