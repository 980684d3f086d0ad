/** The mail catcher of a developer speaks English to everybody; the mails in it are as they were sent. */
export const inEnglish = (path: string): boolean => /^\/dev(?:\/|$)/.test(path);
