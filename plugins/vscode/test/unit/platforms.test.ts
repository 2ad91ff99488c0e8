import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { bundledPath, madeFor, platformFolder, targets, type Target } from '../../src/platforms.ts';

test('the package of a platform holds the daemon where the extension looks on that platform', () => {
  const looks = (platform: NodeJS.Platform, arch: string) => platformFolder(platform, arch);
  assert.equal(bundledPath('linux-x64'), `bin/${looks('linux', 'x64')}/dragoman`);
  assert.equal(bundledPath('linux-armhf'), `bin/${looks('linux', 'arm')}/dragoman`);
  assert.equal(bundledPath('alpine-arm64'), `bin/${looks('linux', 'arm64')}/dragoman`);
  assert.equal(bundledPath('darwin-arm64'), `bin/${looks('darwin', 'arm64')}/dragoman`);
  assert.equal(bundledPath('win32-x64'), `bin/${looks('win32', 'x64')}/dragoman.exe`);
});

/** The first bytes of a program: `words` are [offset, value, size] in little endian. */
function program(...words: [number, number, 2 | 4][]): Buffer {
  const bytes = Buffer.alloc(256);
  for (const [offset, value, size] of words) bytes.writeUIntLE(value, offset, size);
  return bytes;
}
const elf = (machine: number) => program([0, 0x464c457f, 4], [18, machine, 2]);
const machO = (machine: number) => program([0, 0xfeedfacf, 4], [4, machine, 4]);
const pe = (machine: number) =>
  program([0, 0x5a4d, 2], [60, 0x80, 4], [0x80, 0x00004550, 4], [0x84, machine, 2]);

test('a program says what it is made for', () => {
  const made: [Target, Buffer][] = [
    ['linux-x64', elf(0x3e)],
    ['linux-arm64', elf(0xb7)],
    ['linux-armhf', elf(0x28)],
    ['darwin-x64', machO(0x01000007)],
    ['darwin-arm64', machO(0x0100000c)],
    ['win32-x64', pe(0x8664)],
    ['win32-arm64', pe(0xaa64)],
  ];
  for (const [target, bytes] of made) assert.equal(madeFor(bytes), targets[target], target);
  const running = platformFolder(process.platform, process.arch) as Target;
  assert.equal(madeFor(readFileSync(process.execPath)), targets[running], 'Node itself');
});

test('what is no program for a known machine is told apart, however it is cut', () => {
  assert.equal(madeFor(elf(0xf3)), undefined, 'RISC-V');
  assert.equal(madeFor(Buffer.from('#!/bin/sh\n'.padEnd(100))), undefined, 'a script');
  for (const whole of [elf(0x3e), machO(0x0100000c), pe(0x8664)])
    for (let length = 0; length < 64; ++length) assert.equal(madeFor(whole.subarray(0, length)), undefined);
  for (let length = 64; length < 0x86; ++length)
    assert.equal(madeFor(pe(0x8664).subarray(0, length)), undefined);
});
