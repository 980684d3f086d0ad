/** Keys of the replay. They do nothing while somebody types or walks over the map, or holds a modifier. */
export const REPLAY_KEYS = [
  { key: ' ', shown: 'Space', does: 'Play or pause' },
  { key: 'ArrowLeft', shown: '←', does: 'One change back' },
  { key: 'ArrowRight', shown: '→', does: 'One change on' },
  { key: 'Home', shown: 'Home', does: 'To the beginning' },
  { key: 'End', shown: 'End', does: 'To the end' },
  { key: 's', shown: 'S', does: 'Next speed' },
  { key: 'f', shown: 'F', does: 'Ask about a seat' }
] as const;
export type ReplayKey = (typeof REPLAY_KEYS)[number]['key'];

export function replayKeyOf(event: KeyboardEvent): ReplayKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { target } = event;
  const busy =
    target instanceof HTMLElement && target.closest('input, textarea, select, button, a, [role="application"]');
  if (busy) return null;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return REPLAY_KEYS.find(({ key }) => key === pressed)?.key ?? null;
}
