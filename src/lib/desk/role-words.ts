import type { z } from 'zod';
import * as m from '#domain/messages/compiled/desk_people.js';
import type { userRole } from '#domain/reports.ts';

export type UserRole = z.infer<typeof userRole>;

const ROLES: Readonly<Record<UserRole, () => string>> = {
  ...{ customer: m.role_customer, staff: m.role_staff, organizer: m.role_organizer, admin: m.role_admin }
};
export const roleInWords = (role: UserRole): string => ROLES[role]();
