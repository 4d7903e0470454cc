// @ts-check
import js from '@eslint/js'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** Packages that one part of the tree alone may load: [pattern, where it may stand]. */
const packageWalls = [
  ['@prisma/', ['core/db/**', 'prisma/**']],
  ['pg', ['core/db/**', 'adapters/redun/**']],
  ['better-sqlite3', ['core/db/**']],
  ['@aws-sdk/', ['core/storage/s3.ts']],
  ['@azure/', ['core/storage/azure.ts']],
  ['@temporalio/', ['adapters/temporal/**']],
  ['commander', ['core/cli/**', 'bin.ts']],
]

/** An import of the package (or of the scope, where the pattern ends in a slash), static or dynamic. */
function packageRestriction(pattern) {
  const name = pattern.replaceAll('/', '\\u002F')
  const tail = pattern.endsWith('/') ? '' : '(\\u002F|$)'
  const message = `${pattern} is loaded in one part of the tree only: see the walls in CONTRIBUTING.md.`
  return ['ImportDeclaration[importKind!="type"]', 'ImportExpression', 'ExportNamedDeclaration'].map((node) => ({
    selector: `${node}[source.value=/^${name}${tail}/]`,
    message,
  }))
}

const consoleWalls = [
  { selector: 'MemberExpression[object.name="console"]', message: 'Only the command line prints.' },
  {
    selector: 'MemberExpression[object.name="process"][property.name="exit"]',
    message: 'Only the command line ends the process.',
  },
]

/** One block a folder: `no-restricted-syntax` of a later block replaces that of an earlier one, so each is whole. */
function syntaxWalls(files, here, printing) {
  const closed = packageWalls.filter(([, allowed]) => !allowed.some((place) => here.includes(place)))
  return {
    files,
    rules: {
      'no-restricted-syntax': [
        'error',
        ...closed.flatMap(([pattern]) => packageRestriction(pattern)),
        ...(printing ? [] : consoleWalls),
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
      ],
    },
  }
}

const engines = ['nextflow', 'snakemake', 'redun', 'temporal']

/** Folder to folder: core never sees adapters, an adapter sees `core/adapter.ts` and itself. */
const folderWalls = [
  { target: './core', from: './adapters', message: 'core never imports adapters.' },
  ...engines.flatMap((engine) => [
    {
      target: `./adapters/${engine}`,
      from: './adapters',
      except: [`./${engine}`],
      message: 'Adapters do not know each other.',
    },
    {
      target: `./adapters/${engine}`,
      from: './core',
      except: ['./adapter.ts'],
      message: 'An adapter imports core/adapter.ts only.',
    },
  ]),
  {
    target: './core/fact',
    from: './core',
    except: ['./fact', './errors.ts'],
    message: 'Facts know nothing of the rest.',
  },
  { target: './core/query', from: ['./core/ingest', './core/cli', './core/export'], message: 'No step looks back.' },
  {
    target: './core/db',
    from: ['./core/ingest', './core/query', './core/cli', './core/export'],
    message: 'No step looks back.',
  },
  {
    target: ['./core/ingest', './core/export', './core/source', './core/storage', './core/record'],
    from: './core/cli',
    message: 'No step looks back.',
  },
]

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'core/db/generated/', 'fixtures/', '**/.venv*/', '**/*.py'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: folderWalls }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-param-reassign': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  syntaxWalls(['core/**/*.ts'], [], false),
  syntaxWalls(['core/db/**/*.ts'], ['core/db/**'], false),
  syntaxWalls(['core/storage/s3.ts'], ['core/storage/s3.ts'], false),
  syntaxWalls(['core/storage/azure.ts'], ['core/storage/azure.ts'], false),
  syntaxWalls(['core/cli/**/*.ts', 'bin.ts'], ['core/cli/**', 'bin.ts'], true),
  ...engines.map((engine) => syntaxWalls([`adapters/${engine}/**/*.ts`], [`adapters/${engine}/**`], false)),
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off', '@typescript-eslint/no-floating-promises': 'error' },
  },
)
