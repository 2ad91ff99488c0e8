import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Code, cureOf, inWords, RequestError, toRequestError } from '../../src/errors.ts';

test("the daemon's kind and hint come along", () => {
  const raw = Object.assign(new Error('no key'), {
    code: -32803,
    data: { kind: 'noKey', hint: 'set one', provider: 'gw' },
  });
  const { message, code, kind, hint, provider } = toRequestError(raw);
  assert.deepEqual([message, code, kind, hint, provider], ['no key', -32803, 'noKey', 'set one', 'gw']);
});

test('anything that is thrown becomes an error with a message', () => {
  assert.equal(toRequestError('plain').message, 'plain');
  assert.equal(toRequestError(undefined).message, 'undefined');
  assert.equal(toRequestError(Object.assign(new Error('x'), { data: null })).hint, '');
  const error = new RequestError('x', 1);
  assert.equal(toRequestError(error), error);
});

test('cancelled and gone are told apart from failed', () => {
  const by = (code: number) => toRequestError(Object.assign(new Error('x'), { code }));
  assert.ok(by(Code.requestCancelled).cancelled && by(Code.serverCancelled).cancelled);
  assert.ok(by(Code.pendingResponseRejected).gone && by(Code.connectionInactive).gone);
  assert.ok(!by(-32803).cancelled && !by(-32803).gone);
});

test('what helps is told by the kind of a refusal', () => {
  assert.deepEqual(cureOf('unauthorized', 'gw'), { kind: 'setKey', provider: 'gw' });
  assert.deepEqual(cureOf('noKey'), { kind: 'setKey', provider: '' });
  assert.deepEqual(cureOf('notConfigured'), { kind: 'setUp', provider: '' });
  for (const kind of ['rateLimited', 'network', '']) assert.equal(cureOf(kind), undefined);
});

test('a message and a hint read as two sentences', () => {
  assert.equal(inWords('data remaining', 'Try again.'), 'data remaining. Try again.');
  assert.equal(inWords('Done?', 'Try again.'), 'Done? Try again.');
  assert.equal(inWords('calc.py does not exist', ''), 'calc.py does not exist');
});
