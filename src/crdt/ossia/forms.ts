import type { ProcessType } from '../score.ts';
import type { Form } from './form.ts';
import { automation, gradient, mapping, spline, tempo } from './forms-curves.ts';
import { metronome, notes, pattern, sound, steps } from './forms-notes.ts';
import { display, filter, generator, lfo, limiter, micromap, olderLfo, pit, smooth, textBox } from './forms-values.ts';

/** Of several forms of a type the first is the one that is written. */
export const FORMS: readonly Form[] = [
  ...[automation, mapping, tempo, gradient, spline],
  ...[lfo, olderLfo, micromap, generator, filter, smooth, limiter, display, textBox, pit],
  ...[notes, steps, pattern, metronome, sound],
];

const byUuid = new Map(FORMS.flatMap((form) => form.uuids.map((uuid) => [uuid, form] as const)));
export const formOfUuid = (uuid: string): Form | undefined => byUuid.get(uuid.toLowerCase());
export const formOfType = (type: ProcessType): Form | undefined => FORMS.find((form) => form.type === type);

export const SCENARIO = 'de035912-5b03-49a8-bc4d-b2cba68e21d9';
export const LOOP = '995d41a8-0f10-4152-971d-e4c033579a02';
export const NODAL = 'f5678806-c431-45c5-ae3a-fae5183380fb';

/** Names of what is kept but not performed. */
export const OTHERS: Readonly<Record<string, string>> = {
  'aa569e11-03a9-4023-92c2-b590e88fec90': 'Interpolation',
  'fa02fc21-80ab-41e7-a3c9-5d2fa34ecda7': 'Audio Merger',
  'a0ad4227-ac3d-448b-a19b-19581ed4e2c6': 'Looper',
  'eae294b3-afeb-4fba-bbe4-337998d3748a': 'Expression Audio Generator',
  '0b98c7cd-f831-468f-81e3-706d6a97d705': 'Arpeggios',
  '2c6493c3-5449-4e52-ae04-9aee3be5fb6a': 'Pulse to Midi',
  'cf3df02f-a563-4e92-a739-b321d3a84252': 'Arraygen',
  '5d4057ff-d8d0-4d66-9e0f-55675e3323be': 'RMS',
  '846a5de5-47f9-46c5-a898-013cb20951d0': 'Javascript',
  '5354c61a-1649-4f59-b952-5c2f1b79c1bd': 'Faust',
  '7b3b18ea-311b-40f9-b04e-60ec1fe05786': 'PureData',
  'be8e6bd3-75f2-4102-8895-8a4eb4ea545a': 'VST',
  'fd5243ba-70b5-4164-b44a-ecb0dcdc0494': 'LV2',
  'cb6b50d3-82c0-4356-a282-317da8b8022f': 'JSFX',
  '0a3b49d6-4ce7-4668-aec3-9505b6ee1a60': 'C++ JIT',
  '74ca45ff-92c9-44a0-8f1a-754dea05ee1b': 'ISF Shader',
  '32dc5341-7748-4c31-a226-82e6bd685744': 'Video',
  'e96c5c0b-7e09-49fb-a851-ff6f4811bb00': 'Images',
  'a5bbffe0-93d2-4e70-995c-cf46c2c43520': 'Compute Shader',
  'ea13ed06-d21c-4c84-8d0f-83ce0027b81c': 'Vertex Shader Art',
  '9ce44e4b-eeb6-4042-bb7f-9d0b28190daf': 'Model Display',
  '6c158669-0f81-41c9-8cc6-45820dcda867': 'Gain',
  '9307f7f3-6252-474d-8b7a-ed1ab4091e92': 'Audio Pit',
  'afbbd2b8-4e23-4b33-9736-a63b05ebf003': 'Video Pit',
  '415785fe-a7d8-4e62-a85f-9dfccf7dcd96': 'Airwindows',
};
