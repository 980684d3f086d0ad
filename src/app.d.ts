import type { Identity } from '../server/accounts/accounts.ts';
import type { App as Fullhouse } from '../server/app.ts';
import type { Language } from '#domain/language.ts';
import type { FormMessage } from '$lib/forms/text-form.ts';

declare global {
  interface Window {
    /** Kept when the worker of src/app.html has read how amounts and times are written, or cannot. */
    formatsRead: Promise<unknown>;
  }
  namespace App {
    interface Locals {
      /** The one running Fullhouse of this process. */
      app: Fullhouse;
      identity: Identity;
      /** What this answer is in: the one that was chosen, but for the mail catcher, which speaks English. */
      language: Language;
      chosenLanguage: Language;
      theme: 'dark' | 'light' | null;
      /** Sites that may show this answer in a frame; unset for all but the embedded seat map. */
      framing?: readonly string[];
    }
    namespace Superforms {
      type Message = FormMessage;
    }
    interface Error {
      message: string;
      /** Found in the log beside the cause. */
      id?: string;
      code?: string;
    }
  }
}
