/** Keeps the screen on while the page is looked at; says whether it does. Answers what ends it. */
export function keepAwake(told: (on: boolean) => void): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;

  async function hold() {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      lock = await navigator.wakeLock.request('screen');
      // The browser takes it back when the page is hidden.
      lock.addEventListener('release', () => told(false));
      told(true);
    } catch {
      told(false);
    }
  }
  const again = () => void hold();
  document.addEventListener('visibilitychange', again);
  void hold();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', again);
    void lock?.release();
  };
}
