import assert from 'node:assert/strict';
import { test } from 'node:test';

import { stage } from '../lib/stage.mjs';

/** VS Code in Chinese, without the Chinese of VS Code itself: that lies in a language pack, which nothing here needs. */
const on = stage({
  files: { 'calc.py': '\n' },
  ready: '就绪',
  page: (page) =>
    page.addInitScript(() => {
      Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => 'zh-cn', set: () => {} });
    }),
});

test('the extension speaks Chinese where VS Code does', async () => {
  const { vs, gateway, page } = on;
  gateway.answer('你好', [{ thought: '嗯' }, '你好！\n\n```js\nlet a;\n```\n']);
  await vs.command('dragoman: 打开聊天');
  const view = vs.webview();
  await view.locator('.empty', { hasText: '就您的代码提问' }).waitFor();
  assert.match(await view.locator('html').getAttribute('lang'), /^zh-cn$/i);
  const field = view.getByRole('textbox', { name: '提出问题' });
  await field.fill('你好');
  await field.press('Enter');
  await view.locator('.text', { hasText: '你好！' }).waitFor();
  for (const name of ['复制', '插入', '应用', '重试', '分叉', '编辑', '发送'])
    await view.getByRole('button', { name, exact: true }).waitFor();
  await view.locator('summary', { hasText: '推理' }).waitFor();
  await view.locator('.facts', { hasText: '个 token' }).waitFor();
  await on.shot('chat chinese');
  await page.locator('.part.statusbar .statusbar-item[id*="dragoman.status"]').click();
  await vs.row('设置 API 密钥').waitFor();
  await vs.row('本机发出了什么').waitFor();
  await on.shot('menu chinese');
  await page.keyboard.press('Escape');
});
