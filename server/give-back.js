/** Child of listeners.ts: gives the handle it gets back so many times. Each arrives as another handle of one socket. */
process.on('message', (/** @type {number} */ copies, handle) => {
  let left = copies;
  for (let n = 0; n < copies; n++) {
    process.send?.('copy', handle, { keepOpen: true }, () => {
      if (--left === 0) process.disconnect();
    });
  }
});
