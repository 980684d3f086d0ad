/** The desk, the door and the mail catcher speak English to everybody. */
export const inEnglish = (path: string): boolean => /^\/(?:admin|check-in|dev)(?:\/|$)/.test(path);
