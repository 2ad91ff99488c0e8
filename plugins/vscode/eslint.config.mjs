import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'test/**/*.{mjs,cjs}'] },
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['src/**/*.ts', 'webview/**/*.ts', 'test/unit/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A number in a message needs no String() around it.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // node:test returns promises that the runner itself waits for.
    files: ['test/unit/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
