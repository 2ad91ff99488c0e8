// stylua without its program: the library of the same name, as npm has it. Says which files are not formatted by
// the given .stylua.toml, or formats them.
//
//   node stylua.mjs LIBRARY_FOLDER STYLUA_TOML check|write FILE...
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [library, toml, mode, ...files] = process.argv.slice(2);
const stylua = createRequire(import.meta.url)(`${library}/stylua_lib_node.cjs`);

const enums = {
  indent_type: stylua.IndentType,
  quote_style: stylua.QuoteStyle,
  call_parentheses: stylua.CallParenType,
  line_endings: stylua.LineEndings,
  collapse_simple_statement: stylua.CollapseSimpleStatement,
  syntax: stylua.LuaVersion,
};
function config() {
  const made = stylua.Config.new();
  for (const [, key, value] of readFileSync(toml, 'utf8').matchAll(/^(\w+)\s*=\s*(.+?)\s*$/gm)) {
    const plain = JSON.parse(value);
    if (!(key in made)) throw new Error(`${toml}: unknown key ${key}`);
    made[key] = enums[key] ? enums[key][plain] : plain;
  }
  return made;
}

let wrong = 0;
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const formatted = stylua.formatCode(text, config(), undefined, stylua.OutputVerification.None);
  if (formatted === text) continue;
  if (mode === 'write') {
    writeFileSync(file, formatted);
  } else {
    const line = text.split('\n').findIndex((row, i) => row !== formatted.split('\n')[i]) + 1;
    console.log(`${file}:${line}: not as stylua formats it`);
    wrong++;
  }
}
process.exit(wrong ? 1 : 0);
