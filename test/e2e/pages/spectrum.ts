/** Hz of the strongest partial between 30 Hz and 5 kHz, to a fraction of a bin. */
export function strongest(samples: ArrayLike<number>, sampleRate: number): number {
  const size = 2 ** Math.floor(Math.log2(samples.length));
  const re = Float64Array.from({ length: size }, (_, i) => samples[i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size)));
  const im = new Float64Array(size);
  transform(re, im);
  const power = (bin: number): number => Math.log(re[bin]! ** 2 + im[bin]! ** 2 + 1e-30);
  let best = Math.ceil((30 * size) / sampleRate);
  for (let bin = best; bin < (5000 * size) / sampleRate; bin++) if (power(bin) > power(best)) best = bin;
  const [a, b, c] = [power(best - 1), power(best), power(best + 1)];
  return ((best + (a - c) / (2 * (a - 2 * b + c))) * sampleRate) / size;
}

/** In place, radix 2. */
function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let width = 2; width <= size; width *= 2)
    for (let start = 0; start < size; start += width)
      for (let k = 0; k < width / 2; k++) {
        const angle = (-2 * Math.PI * k) / width;
        const [low, high] = [start + k, start + k + width / 2];
        const x = re[high]! * Math.cos(angle) - im[high]! * Math.sin(angle);
        const y = re[high]! * Math.sin(angle) + im[high]! * Math.cos(angle);
        [re[high], im[high]] = [re[low]! - x, im[low]! - y];
        [re[low], im[low]] = [re[low]! + x, im[low]! + y];
      }
}
