import * as m from '#domain/messages/compiled/replay.js';

/** Keys of the replay. They do nothing while somebody types or walks over the map, or holds a modifier. */
export const REPLAY_KEYS = [
  { key: ' ', shown: m.space, does: m.key_play },
  { key: 'ArrowLeft', shown: () => '←', does: m.key_back },
  { key: 'ArrowRight', shown: () => '→', does: m.key_on },
  { key: 'Home', shown: () => 'Home', does: m.key_home },
  { key: 'End', shown: () => 'End', does: m.key_end },
  { key: 's', shown: () => 'S', does: m.key_speed },
  { key: 'f', shown: () => 'F', does: m.key_ask }
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
