/** Kinds of curve segments by their uuids, and the other way round. Source: score-plugin-curve, Curve/Segment. */
export const POWER = '1e7cb83f-4e47-4b14-814d-2242a9c75991';
export const LINEAR = 'a8bd14e2-d7e4-47cd-b76a-6a88fa11f0d2';
export const POINT_ARRAY = 'c598b840-db67-4c8f-937a-46cfac87cb59';
export const NOISE = '82a3709d-d9cc-4dcf-9aa8-5d539545f34b';
/** Waves of files of before version 3. */
export const WAVES = ['sine', 'square', 'triangle', 'saw'] as const;
export const WAVE_OF: ReadonlyMap<string, (typeof WAVES)[number]> = new Map([
  ['c16dad6a-a422-4fb7-8bd5-850cbe8c3f28', 'sine'],
  ['09863350-a392-4865-aa28-cac6e5dfe13c', 'square'],
  ['7053f4fc-691e-42e2-a5f4-6a608a6bd547', 'triangle'],
  ['23e3a159-b5de-43a3-b965-bf9c48114f02', 'saw'],
]);

export const EASING_OF = {
  'a2f38b24-f2c9-42d7-bb5e-a51a821d2ffd': 'quadraticIn',
  '9717560b-fae1-4035-afbf-031f3581d132': 'quadraticOut',
  'fc333d55-064a-4af8-b4a8-23fe16e80ecc': 'quadraticInOut',
  'b6bddf8b-b2cb-46d6-8d90-31b3029317e8': 'cubicIn',
  'ff9a7726-2d8f-43f2-a95c-e395fdbd5aa9': 'cubicOut',
  '21556d2a-ac8a-4acf-bf42-5eca9795047c': 'cubicInOut',
  '72678775-535f-438e-b4bb-1077af3fab99': 'quarticIn',
  'bd6f4867-2c30-4267-aa97-0ed767883d22': 'quarticOut',
  '93cac01a-dedc-4cb4-ad2d-d81b31e6187c': 'quarticInOut',
  'cd08eabe-51a4-429e-8740-c097c1b34b83': 'quinticIn',
  'cb6e340b-faee-440c-8ef5-05ec6f7f4791': 'quinticOut',
  'b2cce6a7-c651-429f-ae46-d322991e92d4': 'quinticInOut',
  'e8a44b49-4d91-4066-8e25-7669d8927792': 'sineIn',
  'e5d2dea4-061e-4139-8da2-1d21b0414273': 'sineOut',
  '61bd1bb4-353b-435f-8b4c-ed61ed43bcf9': 'sineInOut',
  '45b06858-2e16-4cdc-82cc-70f8545bab03': 'circularIn',
  '32a67b2a-61f5-49cd-b1c4-37419350fca8': 'circularOut',
  'b70a58f2-2fff-4fda-b1fa-cad6c7c11b88': 'circularInOut',
  '8db88491-bed5-4a0d-bcb6-45811c5a7722': 'exponentialIn',
  '40f17c1a-9611-4468-b114-c6338fb0fbb7': 'exponentialOut',
  '46224c2f-f60d-4f60-93b8-a0ebe6931d00': 'exponentialInOut',
  '6e301164-e079-466b-a518-12fe89048283': 'elasticIn',
  '1f1fddd4-7a23-4c15-a3ec-6e88e9787a97': 'elasticOut',
  '8bad1486-b616-4ebe-aa5e-844162545f8b': 'elasticInOut',
  'fb5cb6c1-47fd-497c-9d69-7a87adbaf3b3': 'backIn',
  '0edbd8f5-67c2-41f2-ae80-f014e5c24aa6': 'backOut',
  '3825c351-698d-4930-9862-28c5f7f51c61': 'backInOut',
  '51fafa98-aa8e-48f0-adae-c21c3eeb63ca': 'bounceIn',
  '75ce6961-22b3-4a9e-b989-3131098bd092': 'bounceOut',
  '30d5c3dc-5a8c-44a8-95b4-67ca3ff5088b': 'bounceInOut',
  '66cf32a5-86c5-4747-89d4-523e26dcc1fc': 'perlinInOut',
} as const;
export type EasingName = (typeof EASING_OF)[keyof typeof EASING_OF];

export const SEGMENT_OF: ReadonlyMap<string, string> = new Map(Object.entries(EASING_OF).map(([uuid, name]) => [name, uuid]));
