// A short sound, where the browser allows one: after the agent touched the page.

/** Makes the sound of a notice. */
export class Sound {
  #context: AudioContext | undefined;

  constructor(private readonly make: () => AudioContext | undefined = () => (typeof AudioContext === "undefined" ? undefined : new AudioContext())) {}

  /** Two short tones, the second one higher. */
  async play(): Promise<void> {
    const context = (this.#context ??= this.make());
    if (!context) return;
    try {
      if (context.state === "suspended") await context.resume();
      tone(context, 660, 0);
      tone(context, 880, 0.14);
    } catch {
      return; // a browser that wants no sound gets none
    }
  }
}

function tone(context: AudioContext, hertz: number, after: number): void {
  const from = context.currentTime + after;
  const swing = context.createOscillator();
  const loud = context.createGain();
  swing.frequency.value = hertz;
  loud.gain.setValueAtTime(0.0001, from);
  loud.gain.exponentialRampToValueAtTime(0.12, from + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.12);
  swing.connect(loud).connect(context.destination);
  swing.start(from);
  swing.stop(from + 0.13);
}
