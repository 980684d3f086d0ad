import { z } from 'zod';
import type { Operations } from './operation.ts';

/** The contract itself. */
const tag = 'Documents';
const document = z.record(z.string(), z.unknown());

export const documentOperations = {
  'GET /openapi.json': {
    ...{ id: 'getOpenApi', tag, summary: 'This document', who: 'anyone', cached: true },
    answers: { 200: document }
  },
  'GET /asyncapi.json': {
    ...{ id: 'getAsyncApi', tag, summary: 'The sockets, as AsyncAPI', who: 'anyone', cached: true },
    answers: { 200: document }
  },
  'GET /docs': {
    ...{ id: 'getDocs', tag, summary: 'This document to read and to try out', who: 'anyone' },
    answers: { 200: { types: ['text/html'], says: 'Swagger UI' } }
  }
} as const satisfies Operations;
