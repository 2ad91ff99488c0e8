// Builds the extension: checks the types, bundles src/ into one file and the view of webview/ into another, and puts the
// daemon's schema and presets beside them. With --out it is packed, too: once without a daemon, and once for each
// platform whose binary is given.
//
//   node build.mjs --daemon PATH [--out FOLDER [TARGET=BINARY…]]
//
//   --daemon   a binary that runs here: its `config schema` becomes the schema of configuration files
//   --out      where dragoman.vsix and dragoman-TARGET.vsix are written
//   TARGET   linux-x64, darwin-arm64, … (src/platforms.ts); BINARY goes into that package
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
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

import { bundledPath, madeFor, targets } from './src/platforms.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const { values: options, positionals } = parseArgs({
  options: { daemon: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
});
if (options.daemon === undefined) fail('--daemon PATH is needed: its schema goes into the extension');
if (positionals.length > 0 && options.out === undefined) fail('--out FOLDER is needed for packages');
const daemon = resolve(options.daemon);
const out = options.out === undefined ? undefined : resolve(options.out);
const bundles = positionals.map(bundleOf);

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

copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE'));

if (out !== undefined) {
  mkdirSync(out, { recursive: true });
  pack(join(out, 'dragoman.vsix'));
  for (const { target, binary } of bundles) {
    const bundled = join(here, bundledPath(target));
    mkdirSync(dirname(bundled), { recursive: true });
    copyFileSync(binary, bundled);
    chmodSync(bundled, 0o755);
    pack(join(out, `dragoman-${target}.vsix`), '--target', target);
    rmSync(join(here, 'bin'), { recursive: true });
  }
}
const shipped = ['extension.cjs', 'chat.js', 'chat.css'];
const size = shipped.reduce((sum, name) => sum + statSync(join(here, 'dist', name)).size, 0);
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
console.log(`build: dragoman ${version}, ${Math.round(size / 1024)} KiB bundled`);

/** TARGET=BINARY, with the binary held against its platform: one for another would be found out by users only. */
function bundleOf(argument) {
  const [target, path = ''] = argument.split(/=(.*)/s);
  if (!(target in targets)) fail(`"${target}" is none of ${Object.keys(targets).join(', ')}`);
  const binary = resolve(path);
  const machine = madeFor(readFileSync(binary));
  if (machine !== targets[target])
    fail(`${path} is made for ${machine ?? 'no machine that is known'}, not for ${target}`);
  return { target, binary };
}

/** What the README points at lies beside it in the sources, not in the package: whoever publishes says where that is. */
function pack(vsix, ...target) {
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  run('@vscode/vsce/vsce', 'package', ...flags, ...target, '-o', vsix);
}

function fail(why) {
  console.error(`build: ${why}`);
  process.exit(2);
}

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
