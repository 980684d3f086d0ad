import { z } from 'zod';
import { signUpBody } from './protocol.ts';

/** What people say about their own account. */
const { email, password, name } = signUpBody.shape;
const current = z.string().min(1, 'is missing').max(200);
const token = z.string().min(1, 'is missing').max(200);

export const forgottenBody = z.strictObject({ email });
/** With the link from the mail. */
export const newPasswordBody = z.strictObject({ token, password });
export const changePasswordBody = z.strictObject({ current, password });
export const changeEmailBody = z.strictObject({ email, current });
export const confirmEmailBody = z.strictObject({ token });
export const nameBody = z.strictObject({ name });
export const leaveBody = z.strictObject({ current });
