import { FLICKS_PER_MS } from '../../base.ts';
import { asinh, log, log10, log2, pow, sinh } from '../process/exact.ts';
import { linear, scalar } from './space.ts';
import type { NamedUnit } from './space.ts';

/** Below it, gain in dB is silence, and silence is written so. */
const SILENCE_DB = -96;
const fromDecibel = (decibel: number): number => pow(10, decibel / 20);
const toDecibel = (gain: number): number => 20 * log10(gain);

/** MIDI gain: 0 is silence, 100 is 0 dB and 127 is +12 dB; between them a power law of what is above silence. */
const MIDI_POWER = log(1 - 12 / SILENCE_DB) / log(1.27);
const fromMidi = (midi: number): number => (midi <= 0 ? 0 : fromDecibel(-SILENCE_DB * (pow(midi / 100, MIDI_POWER) - 1)));
const toMidi = (gain: number): number => {
  const decibel = toDecibel(gain);
  return decibel > SILENCE_DB ? 100 * pow(1 - decibel / SILENCE_DB, 1 / MIDI_POWER) : 0;
};

/** Neutral: linear gain. */
export const GAIN: readonly NamedUnit[] = [
  linear(['linear'], 1),
  scalar(
    ['dB'],
    (decibel) => (decibel <= SILENCE_DB ? 0 : fromDecibel(decibel)),
    (gain) => (gain <= 0 ? SILENCE_DB : Math.max(SILENCE_DB, toDecibel(gain))),
  ),
  scalar(['dB-raw'], fromDecibel, toDecibel),
  scalar(['midigain'], fromMidi, toMidi),
];

const inverse = (names: readonly string[], per: number): NamedUnit =>
  scalar(
    names,
    (value) => per / value,
    (seconds) => per / seconds,
  );
/** A pitch of any scale: frequency as a function of it, and back. */
const pitch = (names: readonly string[], toHertz: (value: number) => number, fromHertz: (hertz: number) => number): NamedUnit =>
  scalar(
    names,
    (value) => 1 / toHertz(value),
    (seconds) => fromHertz(1 / seconds),
  );
const A4_HZ = 440;
const A4_NOTE = 69;
const noteHertz = (note: number): number => A4_HZ * pow(2, (note - A4_NOTE) / 12);
const hertzNote = (hertz: number): number => A4_NOTE + 12 * log2(hertz / A4_HZ);
/** Files of others mean this rate when they count samples. */
const SAMPLES_PER_S = 44_100;

/** Neutral: seconds; of what repeats, those of one period. Mel after O'Shaughnessy, Bark after Schroeder. */
export const TIME: readonly NamedUnit[] = [
  linear(['second', 's', 'seconds'], 1),
  linear(['ms', 'millisecond', 'milliseconds'], 1e-3),
  linear(['flicks', 'flick'], 1 / (FLICKS_PER_MS * 1000)),
  linear(['sample', 'samples'], 1 / SAMPLES_PER_S),
  inverse(['bpm'], 60),
  inverse(['Hz', 'hertz', 'freq', 'frequency', 'frequence'], 1),
  pitch(['midinote', 'midipitch', 'pitch'], noteHertz, hertzNote),
  pitch(
    ['cents', 'cent'],
    (cents) => noteHertz(cents / 100),
    (hertz) => 100 * hertzNote(hertz),
  ),
  pitch(
    ['mel'],
    (mel) => 700 * (pow(10, mel / 2595) - 1),
    (hertz) => 2595 * log10(1 + hertz / 700),
  ),
  pitch(
    ['bark'],
    (bark) => 600 * sinh(bark / 6),
    (hertz) => 6 * asinh(hertz / 600),
  ),
  pitch(
    ['speed'],
    (speed) => speed * noteHertz(0),
    (hertz) => hertz / noteHertz(0),
  ),
];

/** Neutral: radians. */
export const ANGLE: readonly NamedUnit[] = [
  linear(['radian', 'rad', 'radians', 'radiant'], 1),
  linear(['degree', 'deg', 'degrees'], Math.PI / 180),
  linear(['turn', 'turns'], 2 * Math.PI),
];

const INCH = 0.0254;
const FOOT = 12 * INCH;
const MILE = 5280 * FOOT;
const HOUR = 3600;

/** Neutral: metres. */
export const DISTANCE: readonly NamedUnit[] = [
  linear(['m', 'meters', 'meter'], 1),
  linear(['km', 'kilometers', 'kilometer'], 1e3),
  linear(['dm', 'decimeters', 'decimeter'], 1e-1),
  linear(['cm', 'centimeters', 'centimeter'], 1e-2),
  linear(['mm', 'millimeters', 'millimeter'], 1e-3),
  linear(['um', 'micrometers', 'micrometer'], 1e-6),
  linear(['nm', 'nanometers', 'nanometer'], 1e-9),
  linear(['pm', 'picometers', 'picometer'], 1e-12),
  linear(['inches', 'inch'], INCH),
  linear(['feet', 'foot'], FOOT),
  linear(['miles', 'mile'], MILE),
];

/** Neutral: metres a second. */
export const SPEED: readonly NamedUnit[] = [
  linear(['m/s'], 1),
  linear(['km/h', 'kmph'], 1000 / HOUR),
  linear(['mph', 'mi/h'], MILE / HOUR),
  linear(['kn'], 1852 / HOUR),
  linear(['ft/s'], FOOT),
  linear(['ft/h'], FOOT / HOUR),
];
