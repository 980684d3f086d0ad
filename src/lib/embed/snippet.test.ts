import { expect, test } from 'vitest';
import { snippetFor } from './snippet.ts';

test('the code for a page holds the show, and a title as text whatever it is', () => {
  const code = snippetFor('https://tickets.example', { id: 'abcdefabcdef', title: '"Tom & <b>Jerry</b>"' });
  expect(code).toContain('<script src="https://tickets.example/embed.js" async></script>');
  expect(code).toContain('show="abcdefabcdef" label="Choose seats for &quot;Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;&quot;"');
  expect(code).toContain('<a href="https://tickets.example/shows/abcdefabcdef">');
  expect(code).not.toContain('<b>');
});
