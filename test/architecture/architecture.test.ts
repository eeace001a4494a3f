import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { breaches, circles, importsOf, MAY_IMPORT, PROCESS_EXCEPTIONS, type SourceFile } from './rules.ts';

const ROOT = join(import.meta.dirname, '../..');

function workspaceFiles(): SourceFile[] {
  return ['packages', 'services', 'jobs'].flatMap((kind) =>
    readdirSync(join(ROOT, kind)).flatMap((name) =>
      readdirSync(join(ROOT, kind, name, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => ({
          path: `${kind}/${name}/src/${file}`,
          text: readFileSync(join(ROOT, kind, name, 'src', file), 'utf8'),
        })),
    ),
  );
}

const planted = (path: string, text: string) => breaches([{ path, text }]);

test('the code keeps to the directions of import', () => {
  const files = workspaceFiles();
  expect(files.length).toBeGreaterThan(100);
  expect(breaches(files)).toEqual([]);
});

test('no files import each other in a circle, not even for types', () => {
  expect(circles(workspaceFiles())).toEqual([]);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `packages/core/src/${name}.ts`) as [string, string, string];
  const planted = [
    { path: a, text: "import { b } from './b.ts';" },
    { path: b, text: "import { c } from './c.ts';" },
    { path: c, text: "import type { B } from './b.ts';" },
  ];
  expect(circles(planted)).toEqual([[b, c]]);
  expect(circles(planted.slice(0, 2))).toEqual([]);
});

test('every folder of the workspace has a rule, and no rule is left over', () => {
  const folders = ['packages', 'services', 'jobs'].flatMap((kind) =>
    readdirSync(join(ROOT, kind)).map((name) => `${kind}/${name}`),
  );
  expect(folders.sort()).toEqual([...Object.keys(MAY_IMPORT), 'packages/cli'].sort());
  const paths = workspaceFiles().map((file) => file.path);
  expect(Object.keys(PROCESS_EXCEPTIONS).filter((path) => !paths.includes(path))).toEqual([]);
});

test('what a package imports, it names among its dependencies', () => {
  for (const file of workspaceFiles()) {
    const home = file.path.split('/').slice(0, 2).join('/');
    const manifest = JSON.parse(readFileSync(join(ROOT, home, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string> | undefined
    >;
    const named = {
      ...manifest.dependencies,
      ...(/\.test\.ts$|\/testing\//.test(file.path)
        ? { ...manifest.devDependencies, vitest: '', 'fast-check': '' }
        : {}),
    };
    const foreign = importsOf(file.text).filter((target) => !target.startsWith('.') && !target.startsWith('node:'));
    const missing = foreign.filter(
      (target) =>
        !(
          target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/') in named
        ),
    );
    expect(missing, file.path).toEqual([]);
  }
});

describe('a planted violation is found', () => {
  test.each([
    [
      'a service that imports a service',
      'services/gateway/src/x.ts',
      "import { a } from '@pokewatch/service-model';",
      'services talk HTTP',
    ],
    [
      'a service that imports a job',
      'services/model/src/x.ts',
      "import { a } from '@pokewatch/job-train';",
      'services talk HTTP',
    ],
    [
      'a job that imports a job',
      'jobs/train/src/x.ts',
      "import { a } from '@pokewatch/job-import';",
      'jobs meet in the store',
    ],
    [
      'a package that imports upwards',
      'packages/core/src/x.ts',
      "import { a } from '@pokewatch/store';",
      'must not import packages/store',
    ],
    [
      'a re-export upwards',
      'packages/core/src/x.ts',
      "export * from '@pokewatch/store';",
      'must not import packages/store',
    ],
    [
      'a dynamic import upwards',
      'packages/core/src/x.ts',
      "const a = await import('@pokewatch/store');",
      'must not import packages/store',
    ],
    [
      'a type import upwards',
      'packages/contracts/src/x.ts',
      "import type { A } from '@pokewatch/core';",
      'must not import packages/core',
    ],
    [
      'a pure package that reads files',
      'packages/fair-value/src/x.ts',
      "import { readFileSync } from 'node:fs';",
      'is pure',
    ],
    ['an import over several lines', 'packages/signals/src/x.ts', "import {\n  a,\n  b,\n} from 'node:os';", 'is pure'],
    [
      'a relative import out of the package',
      'jobs/train/src/x.ts',
      "import { a } from '../../../packages/store/src/index.ts';",
      'outside its package',
    ],
    ['a relative import without its ending', 'jobs/train/src/x.ts', "import { a } from './y';", 'without its ending'],
    [
      'process outside main.ts',
      'services/gateway/src/x.ts',
      'const a = process.env.HOME;',
      'only main.ts touches process',
    ],
    ['a folder without a rule', 'packages/new/src/x.ts', '', 'has no rule'],
  ])('%s', (_name, path, text, message) => {
    expect(planted(path, text).join()).toContain(message);
  });

  test('while the same words in comments, tests and main.ts are none', () => {
    expect(planted('packages/core/src/x.ts', "// import { a } from '@pokewatch/store';\n/* process.env */")).toEqual(
      [],
    );
    expect(planted('services/gateway/src/main.ts', 'const a = process.env.HOME;')).toEqual([]);
    expect(planted('packages/fair-value/src/x.test.ts', "import { readFileSync } from 'node:fs';")).toEqual([]);
  });
});
