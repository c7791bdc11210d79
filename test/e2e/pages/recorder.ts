/** Takes down every sample that a node puts out, with the audio time of the first. */
export interface Recording {
  readonly sampleRate: number;
  /** Audio time of sample 0 in s. */
  readonly start: number;
  /** Louder of the two channels by magnitude. */
  readonly samples: Float32Array;
  /** Audio time in s → `performance.now()` at which it is heard: median over many stamps. */
  heardAt(audio: number): number;
}

const WORKLET = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([input]) {
    const left = input[0] ?? new Float32Array(128), right = input[1] ?? left;
    this.port.postMessage({ frame: currentFrame, samples: left.map((x, i) => Math.abs(x) > Math.abs(right[i]) ? x : right[i]) });
    return true;
  }
});`;
const ready = new WeakSet<BaseAudioContext>();

/** Records while `play` runs and `ms` after it. */
export async function record(node: AudioNode, ms: number, play: () => void): Promise<Recording> {
  const context = node.context as AudioContext;
  if (!ready.has(context)) await context.audioWorklet.addModule(URL.createObjectURL(new Blob([WORKLET], { type: 'text/javascript' })));
  ready.add(context);
  const recorder = new AudioWorkletNode(context, 'recorder');
  const blocks: { frame: number; samples: Float32Array }[] = [];
  recorder.port.onmessage = (event: MessageEvent) => void blocks.push(event.data);
  node.connect(recorder);
  const offsets: number[] = [];
  // A worklet that starts may make the output hiccup, and the device needs a moment to notice.
  await new Promise((done) => setTimeout(done, 700));
  blocks.length = 0;
  play();
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await new Promise((done) => setTimeout(done, 20));
    const stamp = context.getOutputTimestamp();
    if (stamp.performanceTime) offsets.push(stamp.performanceTime - (stamp.contextTime ?? 0) * 1000);
  }
  node.disconnect(recorder);
  recorder.port.onmessage = null;
  offsets.sort((a, b) => a - b);
  const first = blocks[0]!.frame;
  const samples = new Float32Array(blocks.at(-1)!.frame + 128 - first);
  for (const block of blocks) samples.set(block.samples, block.frame - first);
  const offset = offsets[offsets.length >> 1]!;
  return { sampleRate: context.sampleRate, start: first / context.sampleRate, samples, heardAt: (audio) => audio * 1000 + offset };
}
