/* global SwaggerUIBundle */
// @ts-expect-error it comes with the script before this one
SwaggerUIBundle({
  ...{ url: document.currentScript?.dataset['openapi'], dom_id: '#docs', deepLinking: true, docExpansion: 'none' },
  ...{ tryItOutEnabled: true, displayRequestDuration: true },
  // Nothing of this page is told to anybody else.
  validatorUrl: null
});
