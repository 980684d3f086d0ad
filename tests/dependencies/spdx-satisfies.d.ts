declare module 'spdx-satisfies' {
  /** Whether a licence expression can be kept by keeping some of these licences. Throws where it is no expression. */
  export default function satisfies(expression: string, allowed: readonly string[]): boolean;
}
