// Builds the extension: checks the types, bundles src/ into one file and the view of webview/ into another, and puts the daemon's schema and presets beside it.
// With --vsix it is packed, too.
//
//   node build.mjs --daemon PATH [--bundle] [--vsix FILE]
//
//   --daemon   the binary whose `config schema` becomes the schema of configuration files
//   --bundle   that binary goes into the package, for this platform
//   --vsix     the package to write
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const { values: options } = parseArgs({
  options: { daemon: { type: 'string' }, bundle: { type: 'boolean' }, vsix: { type: 'string' } },
});
if (options.daemon === undefined) {
  console.error('build: --daemon PATH is needed: its schema goes into the extension');
  process.exit(2);
}
const vsix = options.vsix === undefined ? undefined : resolve(options.vsix);
const daemon = resolve(options.daemon);

const run = (tool, ...args) =>
  execFileSync(process.execPath, [join(here, 'node_modules', tool), ...args], {
    cwd: here,
    stdio: 'inherit',
  });

run('typescript/bin/tsc');
run('typescript/bin/tsc', '-p', 'webview');

for (const folder of ['dist', 'schema', 'bin']) rmSync(join(here, folder), { recursive: true, force: true });
const extension = await build({
  absWorkingDir: here,
  metafile: true,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.cjs',
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  logLevel: 'warning',
});

const page = await build({
  absWorkingDir: here,
  metafile: true,
  entryPoints: { chat: 'webview/chat/main.ts' },
  outdir: 'dist',
  bundle: true,
  minify: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome122', // of the oldest VS Code this extension runs in
  logLevel: 'warning',
});
await build({
  absWorkingDir: here,
  entryPoints: ['webview/chat/chat.css'],
  outdir: 'dist',
  minify: true,
  logLevel: 'warning',
});

writeFileSync(join(here, 'dist/licenses.txt'), licences([extension, page]));

mkdirSync(join(here, 'schema'));
writeFileSync(join(here, 'schema/config.schema.json'), execFileSync(daemon, ['config', 'schema']));
copyFileSync(join(root, 'server/config/data/presets.json'), join(here, 'schema/presets.json'));

if (options.bundle) {
  const folder = join(here, 'bin', `${process.platform}-${process.arch === 'arm' ? 'armhf' : process.arch}`);
  mkdirSync(folder, { recursive: true });
  cpSync(daemon, join(folder, process.platform === 'win32' ? 'dragoman.exe' : 'dragoman'));
}
copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE'));

if (vsix !== undefined) {
  mkdirSync(dirname(vsix), { recursive: true });
  run('@vscode/vsce/vsce', 'package', '--no-dependencies', '--allow-missing-repository', '-o', vsix);
}
const bundles = ['extension.cjs', 'chat.js', 'chat.css'];
const size = bundles.reduce((sum, name) => sum + statSync(join(here, 'dist', name)).size, 0);
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
console.log(`build: dragoman ${version}, ${Math.round(size / 1024)} KiB bundled`);

/** The licence texts of the packages that went into the bundles: most ask to come along. */
function licences(builds) {
  const inputs = builds.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = new Set(
    inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(here, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : `\n\n${readFileSync(join(here, folder, file), 'utf8').trim()}`;
      return `${name} ${version} (${license})${text}\n`;
    })
    .join('\n\n');
}
