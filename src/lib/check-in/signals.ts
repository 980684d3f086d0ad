/** What staff hear and feel without looking at the screen: one tone for in, two low ones for not. */
export type Signal = 'good' | 'warn' | 'bad';

const TONES: Record<Signal, { hertz: number; at: number; for: number }[]> = {
  good: [{ hertz: 880, at: 0, for: 0.16 }],
  warn: [
    { hertz: 520, at: 0, for: 0.12 },
    { hertz: 520, at: 0.18, for: 0.12 }
  ],
  bad: [
    { hertz: 220, at: 0, for: 0.2 },
    { hertz: 180, at: 0.24, for: 0.3 }
  ]
};
const SHAKES: Record<Signal, number[]> = { good: [60], warn: [80, 60, 80], bad: [250, 80, 250] };

let sound: AudioContext | undefined;

export function signal(kind: Signal): void {
  if ('vibrate' in navigator) navigator.vibrate(SHAKES[kind]);
  sound ??= new AudioContext();
  for (const tone of TONES[kind]) {
    const [source, volume] = [sound.createOscillator(), sound.createGain()];
    const from = sound.currentTime + tone.at;
    source.frequency.value = tone.hertz;
    volume.gain.setValueAtTime(0.2, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + tone.for);
    source.connect(volume).connect(sound.destination);
    source.start(from);
    source.stop(from + tone.for);
  }
}
