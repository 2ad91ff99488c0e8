import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Backoff, DELAYS, HEALTHY_MS } from '../../src/backoff.ts';

test('a daemon that keeps ending is started later each time, and then no more', () => {
  const backoff = new Backoff();
  let now = 1_000;
  const waited = Array.from({ length: DELAYS.length + 1 }, () => {
    backoff.started(now);
    return backoff.ended((now += 10));
  });
  assert.deepEqual(waited, [...DELAYS, undefined]);
});

test('a daemon that ran well for a while begins anew', () => {
  const backoff = new Backoff();
  for (let i = 0; i < 3; ++i) {
    backoff.started(1_000);
    backoff.ended(1_010);
  }
  backoff.started(2_000);
  assert.equal(backoff.ended(2_000 + HEALTHY_MS), DELAYS[0]);
});

test('one that never got to its first answer counts as an end, not as a long run', () => {
  const backoff = new Backoff();
  backoff.started(1_000);
  backoff.ended(1_010);
  assert.equal(backoff.ended(1_010 + HEALTHY_MS), DELAYS[1]);
});

test('a start by hand forgives everything', () => {
  const backoff = new Backoff();
  for (let i = 0; i <= DELAYS.length; ++i) backoff.ended(i);
  backoff.reset();
  assert.equal(backoff.ended(99), DELAYS[0]);
});
