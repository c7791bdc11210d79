import type { Issue } from '../base.ts';
import type { InputChoice, LiveInput } from './call-port.ts';
import type { LiveKind } from './calls-plan.ts';

/** Microphones and cameras of this machine. */
export function openInput(kind: LiveKind, { device, cleaning }: InputChoice): Promise<MediaStream> {
  const deviceId = device === '' ? {} : { deviceId: { exact: device } };
  const { echo, noise, level } = cleaning;
  const sound = { ...deviceId, echoCancellation: echo, noiseSuppression: noise, autoGainControl: level };
  return navigator.mediaDevices.getUserMedia(kind === 'audio' ? { audio: sound } : { video: { ...deviceId, height: { ideal: 480 } } });
}

export async function listInputs(kind: LiveKind): Promise<readonly LiveInput[]> {
  const wanted = kind === 'audio' ? 'audioinput' : 'videoinput';
  const found = await navigator.mediaDevices.enumerateDevices();
  return found.filter((each) => each.kind === wanted).map(({ deviceId, label }) => ({ id: deviceId, label }));
}

export function explain(kind: LiveKind, error: unknown): Issue {
  const what = kind === 'audio' ? 'microphone' : 'camera';
  const name = error instanceof Error ? error.name : '';
  if (!isSecureContext) return { message: `Browsers give a ${what} only to pages that come by https, or from this machine.` };
  if (name === 'NotAllowedError') return { message: `This page may not use the ${what}: allow it in the address bar, then choose again.` };
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return { message: `There is no such ${what} here.` };
  if (name === 'NotReadableError') return { message: `The ${what} is there but gives nothing: another program may hold it.` };
  return { message: `The browser gave no ${what}.` };
}
