import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from '../svelte.config.js';

/**
 * Who may import whom (README, "The tree"), and the habits that a machine can check.
 * Each import rule is a list of patterns that a folder must not import.
 */
/**
 * @param {string[]} files
 * @param {{ regex: string, message: string, allowTypeImports?: boolean }[]} patterns
 * @param {string[]} ignores
 * @returns {import('eslint').Linter.Config}
 */
const forbid = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] }
});
const domainOnlyImportsZod = {
  regex: '^(?!zod$|\\./|#domain/|fast-check$|vitest$)',
  message: 'src/lib/domain is pure: it imports nothing but zod and itself.'
};
const noPagesInServer = {
  regex: '(^|/)src/|^\\$',
  message: 'The server knows nothing of Svelte; shared code is #domain.'
};
const typesOnlyFromServer = {
  regex: '^(\\.\\./)+server/',
  allowTypeImports: true,
  message: 'Pages import types of the server; running objects come from event.locals.app.'
};
const noSqlInSeats = {
  regex: '/db/',
  allowTypeImports: true,
  message: 'The seat engine knows no SQL but in rebuild.ts.'
};
const noRedisInBooking = { regex: '/redis/|^ioredis$', message: 'Bookings never touch Redis: they call seats/.' };
const onlySessionsKnowLucia = { regex: '^lucia$|^@lucia-auth/', message: 'Only accounts/sessions.ts knows Lucia.' };
const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'server/config.ts is the only reader of the environment.'
};

export default ts.config(
  {
    ignores: ['build/', '.svelte-kit/', 'node_modules/', '.data/', 'test-results/', 'src/lib/domain/messages/compiled/']
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: `${import.meta.dirname}/..`
      }
    },
    rules: {
      // Fills in by itself what the domain allows; TypeScript checks the rest.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-console': 'error',
      eqeqeq: 'error'
    }
  },
  {
    files: ['server/**/*.ts', 'src/**/*.ts', 'tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error'
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // The site is served from its root: links need no base path.
      'svelte/no-navigation-without-resolve': 'off',
      // Sets and parameters here are working values; what pages react to is $state.
      'svelte/prefer-svelte-reactivity': 'off'
    }
  },
  // What is served as it is is no part of the program. No rule asks for types in a component, and a program that changes with each of them costs minutes; svelte-check looks at their types.
  { files: ['**/*.svelte', 'static/**'], languageOptions: { parserOptions: { projectService: false } } },
  { files: ['**/*.js', '.config/**'], ...ts.configs.disableTypeChecked },
  // A program for people to run on their own machine: it speaks to its terminal.
  { files: ['static/verify-draw.mjs'], rules: { 'no-console': 'off' } },
  {
    files: [
      'server/demo.ts',
      'server/main.ts',
      'server/migrate.ts',
      'server/worker.ts',
      'server/audit/run.ts',
      'server/embedded/**',
      'server/db/seed.ts',
      'tests/**',
      '.config/**'
    ],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['server/**/*.ts', 'src/**/*.ts', 'src/**/*.svelte'],
    ignores: [
      'server/config.ts',
      'server/audit/run.ts',
      'server/embedded/**',
      'server/demo.ts',
      'server/serve.ts',
      'server/dev.ts',
      '**/*.test.ts'
    ],
    rules: { 'no-restricted-properties': ['error', noEnvironment] }
  },
  forbid(['src/lib/domain/**/*.ts'], [domainOnlyImportsZod]),
  forbid(['src/**/*.ts', 'src/**/*.svelte'], [typesOnlyFromServer], ['src/lib/domain/**']),
  forbid(
    ['server/**/*.ts'],
    [noPagesInServer, onlySessionsKnowLucia],
    ['server/seats/**', 'server/booking/**', 'server/accounts/sessions.ts']
  ),
  forbid(['server/accounts/sessions.ts'], [noPagesInServer]),
  forbid(['server/seats/**/*.ts'], [noPagesInServer, noSqlInSeats, onlySessionsKnowLucia], ['server/seats/rebuild.ts']),
  forbid(['server/seats/rebuild.ts'], [noPagesInServer, onlySessionsKnowLucia]),
  forbid(['server/booking/**/*.ts'], [noPagesInServer, noRedisInBooking, onlySessionsKnowLucia])
);
