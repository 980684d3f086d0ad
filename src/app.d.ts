import type { Identity } from '../server/accounts/accounts.ts';
import type { App as Fullhouse } from '../server/app.ts';

declare global {
  namespace App {
    interface Locals {
      /** The one running Fullhouse of this process. */
      app: Fullhouse;
      identity: Identity;
      theme: 'dark' | 'light' | null;
    }
    interface Error {
      message: string;
      /** Found in the log beside the cause. */
      id?: string;
      code?: string;
    }
  }
}
