import type { Random } from "@lowerbound/core";

const LIMIT = 2;

/** Fill with normal numbers truncated at +-2, by redrawing those that lie outside. */
export function truncatedNormal(random: Random, out: Float32Array): Float32Array {
  random.normal(out);
  for (;;) {
    const outside: number[] = [];
    for (let i = 0; i < out.length; i++) if (Math.abs(out[i]!) > LIMIT) outside.push(i);
    if (outside.length === 0) return out;
    const fresh = random.normal(new Float32Array(outside.length));
    outside.forEach((index, i) => {
      out[index] = fresh[i]!;
    });
  }
}

/** Frequencies of a real signal of that many samples. */
export const frequenciesOf = (samples: number): number => Math.floor(samples / 2) + 1;

/**
 * Noise whose spectrum falls as f^-exponent: 0 is white, 1 pink, 2 red; real and imaginary [rows, frequencies] standard
 * normal -> [rows, samples], of about unit variance.
 *
 * Source: iCEM (Pinneri et al. 2020), after Timmer and Koenig 1995. As public code has it, the variance that noise is
 * scaled by leaves out frequency 0, so that of short signals lies above 1.
 */
export function colouredNoise(
  real: Float32Array,
  imaginary: Float32Array,
  { samples, exponent }: { readonly samples: number; readonly exponent: number },
): Float32Array {
  const basis = spectralBasis(samples, exponent);
  const frequencies = frequenciesOf(samples);
  const rows = real.length / frequencies;
  const out = new Float32Array(rows * samples);
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < samples; t++) {
      let sum = 0;
      for (let k = 0; k < frequencies; k++) {
        const at = t * frequencies + k;
        sum += real[row * frequencies + k]! * basis.cosine[at]! - imaginary[row * frequencies + k]! * basis.sine[at]!;
      }
      out[row * samples + t] = sum;
    }
  }
  return out;
}

/** The inverse real Fourier transform with the spectrum's scale and the division by sigma in it: [samples, frequencies]. */
function spectralBasis(samples: number, exponent: number) {
  const scale = spectrum(samples, exponent);
  const frequencies = scale.length;
  const sigma = standardDeviation(scale, samples);
  const cosine = new Float64Array(samples * frequencies);
  const sine = new Float64Array(samples * frequencies);
  for (let t = 0; t < samples; t++) {
    for (let k = 0; k < frequencies; k++) {
      const single = k === 0 || 2 * k === samples;
      const weight = ((single ? 1 : 2) * scale[k]!) / (samples * sigma);
      const angle = (2 * Math.PI * k * t) / samples;
      cosine[t * frequencies + k] = weight * Math.cos(angle);
      sine[t * frequencies + k] = single ? 0 : weight * Math.sin(angle);
    }
  }
  return { cosine, sine };
}

/** f^(-exponent / 2), frequencies below 1 / samples counted as that. */
const spectrum = (samples: number, exponent: number): Float64Array =>
  Float64Array.from({ length: frequenciesOf(samples) }, (_, k) => (Math.max(k, 1) / samples) ** (-exponent / 2));

function standardDeviation(scale: Float64Array, samples: number): number {
  const last = scale.length - 1;
  let sum = 0;
  for (let k = 1; k <= last; k++) sum += (k === last ? (scale[k]! * (1 + (samples % 2))) / 2 : scale[k]!) ** 2;
  // A signal of one sample has no other frequency: it is white.
  return last === 0 ? 1 : (2 * Math.sqrt(sum)) / samples;
}
