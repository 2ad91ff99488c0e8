import assert from 'node:assert/strict';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ settings: { 'chat.disableAIFeatures': false }, probe: true });

test("another extension asks the daemon's models through VS Code, the conversation along with the question", async () => {
  const { vs, gateway } = on;
  gateway.answer('Probe question', ['An answer ', 'in pieces.']);
  await vs.command('Probe: Ask the First Model');
  await vs.toast(/gw\/[\w-]+: An answer in pieces\./).waitFor();
  await on.shot('model provider');
  const { body } = gateway.requests.find(({ body }) => body.includes('Probe question'));
  assert.match(body, /Earlier question/);
  assert.match(body, /Earlier answer/);
});

test('cancelling it closes the connection upstream', async () => {
  const { vs, gateway } = on;
  const go = gate();
  gateway.answer('Probe cancel', ['First', go, 'never']);
  await vs.command('Probe: Ask and Cancel');
  await eventually(
    () => gateway.requests.some(({ body, closed }) => body.includes('Probe cancel') && closed),
    'the end',
  );
  go.open();
});
