import { z } from 'zod';

export const role = z.enum(['customer', 'organizer', 'staff', 'admin']);
export type Role = z.infer<typeof role>;
