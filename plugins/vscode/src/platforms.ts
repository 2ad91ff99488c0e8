// How platforms are named, and where in the extension the daemon for one lies: known to the extension, which looks
// there, and to build.mjs, which packs it there. Pure.

/** The platforms that may have a package of their own (`vsce --target`), and what a program for each is made for. */
export const targets = {
  'linux-x64': 'ELF x64',
  'linux-arm64': 'ELF arm64',
  'linux-armhf': 'ELF arm',
  'alpine-x64': 'ELF x64',
  'alpine-arm64': 'ELF arm64',
  'darwin-x64': 'Mach-O x64',
  'darwin-arm64': 'Mach-O arm64',
  'win32-x64': 'PE x64',
  'win32-arm64': 'PE arm64',
};
export type Target = keyof typeof targets;

/** What the daemon's file is called. */
export function binaryName(platform: string): string {
  return platform.startsWith('win32') ? 'dragoman.exe' : 'dragoman';
}

/** The folder of `bin/` for the platform that the extension runs on, in Node's words for it. */
export function platformFolder(platform: NodeJS.Platform, arch: string): string {
  return `${platform}-${arch === 'arm' ? 'armhf' : arch}`;
}

/** Where the daemon lies in the package for `target`. To Node an Alpine is a Linux, so it is looked for as one. */
export function bundledPath(target: Target): string {
  return `bin/${target.replace('alpine', 'linux')}/${binaryName(target)}`;
}

const ELF: Record<number, string> = { 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64' };
const MACH_O: Record<number, string> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const PE: Record<number, string> = { 0x8664: 'x64', 0xaa64: 'arm64' };

/** What the program `bytes` is made for, in the words of `targets`; undefined where it is for none of them. */
export function madeFor(bytes: Buffer): string | undefined {
  if (bytes.length < 64) return undefined;
  const named = (format: string, machine: string | undefined) => machine && `${format} ${machine}`;
  if (bytes.readUInt32BE(0) === 0x7f454c46) return named('ELF', ELF[bytes.readUInt16LE(18)]);
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return named('Mach-O', MACH_O[bytes.readUInt32LE(4)]);
  if (bytes.readUInt16BE(0) !== 0x4d5a) return undefined;
  const header = bytes.readUInt32LE(60);
  if (header + 6 > bytes.length || bytes.readUInt32BE(header) !== 0x50450000) return undefined;
  return named('PE', PE[bytes.readUInt16LE(header + 4)]);
}
