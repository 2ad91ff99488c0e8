import assert from 'node:assert/strict';
import { test } from 'node:test';

import { gate } from '../lib/gateway.mjs';
import { eventually, stage } from '../lib/stage.mjs';

const on = stage({ files: { 'calc.py': '\n' } });

async function ask(question) {
  await on.vs.command('dragoman: Open Chat');
  const view = on.vs.webview();
  await view.locator('.composer textarea').fill(question);
  await on.page.keyboard.press('Enter');
  return view;
}

const paragraph = (i) =>
  `Paragraph ${i} with some **words** and \`code\` in it, as answers have them all the time.\n\n`;

test('an answer of ten thousand words streams while the page stays quick, and the reader is not carried off', async () => {
  const { gateway } = on;
  const go = gate();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 2));
  const pieces = Array.from({ length: 700 }, (_, i) => paragraph(i)).flatMap((text) => [
    text.slice(0, 40),
    text.slice(40),
    pause,
  ]);
  gateway.answer('Ten thousand', [...pieces.slice(0, 150), go, ...pieces.slice(150)]);
  const view = await ask('Ten thousand');
  await view.locator('.text', { hasText: 'Paragraph 49' }).waitFor();
  const main = view.locator('main');
  const atEnd = () => main.evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight < 40);
  await eventually(atEnd, 'it follows');
  await main.evaluate((area) => (area.scrollTop = 0));
  await view.locator('.toEnd').waitFor();
  const frames = view.locator('body').evaluate(
    () =>
      new Promise((resolve) => {
        const gaps = [];
        let last = performance.now();
        const tick = (now) => {
          gaps.push(now - last);
          last = now;
          if (document.querySelector('article.streaming')) requestAnimationFrame(tick);
          else resolve(gaps.sort((a, b) => a - b));
        };
        requestAnimationFrame(tick);
      }),
  );
  go.open();
  const gaps = await frames;
  const median = gaps[gaps.length >> 1];
  console.log(`# ${gaps.length} frames, median ${median} ms, longest ${gaps.at(-1)} ms`);
  assert.ok(median < 1000 / 30, `above 30 frames a second: ${median} ms a frame`);
  assert.equal(await main.evaluate((area) => area.scrollTop), 0, 'the reader stays where they read');
  await view.locator('.toEnd').click();
  await eventually(atEnd, 'at the end');
  await view.locator('.text', { hasText: 'Paragraph 699' }).waitFor();
});

test('an answer of five megabytes is shown whole, and the view is still there', async () => {
  const { gateway } = on;
  const code = Array.from({ length: 40_000 }, (_, i) => `value_${i} = ${i}\n`);
  const chunk = (list) =>
    list
      .reduce((out, text, i) => ((out[(i / 500) | 0] ??= []).push(text), out), [])
      .map((part) => part.join(''));
  gateway.answer('Five megabytes', [
    ...chunk(Array.from({ length: 48_000 }, (_, i) => paragraph(i))),
    '```python\n',
    ...chunk(code),
    '```\n\nThe very end.',
  ]);
  const view = await ask('Five megabytes');
  await view
    .locator('article:not(.streaming) .foot .facts', { hasText: 'read' })
    .waitFor({ timeout: 100_000 });
  await eventually(
    () =>
      view
        .locator('.text')
        .evaluate((text) => text.lastElementChild.lastElementChild?.textContent === 'The very end.'),
    'the end',
    60_000,
  );
  assert.equal(await view.locator('.text').evaluate((text) => text.querySelectorAll('p').length), 48_001);
  const left = () =>
    view.locator('main').evaluate((area) => area.scrollHeight - area.scrollTop - area.clientHeight);
  await eventually(async () => (await left()) < 40, 'the reader was carried along to the end');
  await on.shot('chat five megabytes');
  await view.locator('[data-act=copy]').click();
  await eventually(
    async () => (await on.page.evaluate(() => navigator.clipboard.readText())) === code.join(''),
    'the code is copied whole',
  );
});
