// What the bytes of a file are to a question: a picture, a text, or nothing that can be attached. The bytes decide, not
// the name and not what a browser believes. Pure.
import type { ContextItem } from '../protocol.ts';

/** The daemon's own limits (docs/protocol.md): met here, a file is refused while its name is still in sight. */
export const IMAGE_LIMIT = 20 * 1024 * 1024;
export const TEXT_LIMIT = 8 * 1024 * 1024;

export type Trouble = 'empty' | 'tooLarge' | 'broken' | 'notText';

/** A picture or the text of the file. */
export function readFile(name: string, bytes: Uint8Array): ContextItem | Trouble {
  if (bytes.length === 0) return 'empty';
  const format = FORMATS.find(({ begins }) =>
    begins.every((byte, at) => byte === null || bytes[at] === byte),
  );
  if (!format) return readText(name, bytes);
  if (bytes.length > IMAGE_LIMIT) return 'tooLarge';
  if (!format.whole(bytes)) return 'broken';
  return { kind: 'image', mimeType: format.mimeType, data: Buffer.from(bytes).toString('base64') };
}

/** Whether a file of this name is attached by what it holds: a picture, of which the daemon reads no file. */
export function isPicture(name: string): boolean {
  return /\.(png|jpe?g|gif|webp)$/i.test(name);
}

interface Format {
  mimeType: string;
  /** The first bytes; null is any. */
  begins: readonly (number | null)[];
  /** Whether it is there to its end. One that was cut off is taken by some models as half a picture, by others as an error. */
  whole: (bytes: Uint8Array) => boolean;
}

const ascii = (text: string) => [...Buffer.from(text, 'latin1')];

/** What all models with eyes take, and the daemon. */
const FORMATS: readonly Format[] = [
  {
    mimeType: 'image/png', // ISO/IEC 15948: an IEND chunk is the last
    begins: [0x89, ...ascii('PNG\r\n\x1a\n')],
    whole: (bytes) => holds(bytes, ascii('IEND')),
  },
  {
    mimeType: 'image/jpeg', // ITU T.81: EOI is FF D9; cameras write things of their own behind it
    begins: [0xff, 0xd8, 0xff],
    whole: (bytes) => holds(bytes, [0xff, 0xd9]),
  },
  {
    mimeType: 'image/gif', // GIF89a: the trailer is 3B; some writers fill up with zeros
    begins: [...ascii('GIF8'), null, ...ascii('a')],
    whole: (bytes) => bytes.findLast((byte) => byte !== 0) === 0x3b,
  },
  {
    mimeType: 'image/webp', // RFC 9649: the RIFF header tells the size less its own eight bytes
    begins: [...ascii('RIFF'), null, null, null, null, ...ascii('WEBP')],
    whole: (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 <= bytes.length,
  },
];

function holds(bytes: Uint8Array, what: readonly number[]): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(Buffer.from(what)) > 0;
}

function readText(name: string, bytes: Uint8Array): ContextItem | Trouble {
  if (bytes.length > TEXT_LIMIT) return isText(bytes.subarray(0, 4096)) ? 'tooLarge' : 'notText';
  if (bytes.includes(0)) return 'notText';
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), label: name };
  } catch {
    return 'notText';
  }
}

/** Of a beginning, which may end inside a character. */
function isText(bytes: Uint8Array): boolean {
  return !bytes.includes(0) && !new TextDecoder().decode(bytes, { stream: true }).includes('\ufffd');
}
