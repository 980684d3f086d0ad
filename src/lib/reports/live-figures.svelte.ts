import type { Today } from '../../../server/reports/today.ts';

/** Today's figures, which the server sends whenever they are different. The browser reconnects by itself. */
export class LiveFigures {
  today: Today;
  connected = $state(false);

  constructor(first: Today) {
    this.today = $state.raw(first);
  }

  /** Answers how to stop. */
  start(): () => void {
    const source = new EventSource('/api/v1/admin/live');
    source.onopen = () => (this.connected = true);
    source.onerror = () => (this.connected = false);
    // Made by our own server from the type that is named here.
    source.onmessage = ({ data }) => (this.today = JSON.parse(String(data)) as Today);
    return () => source.close();
  }
}
