/** See vite.config.ts. */
declare module '*?script' {
  const text: string;
  export default text;
}
