// The gateway that the scenes ask. The scripted gateway of the C++ tests answers by its house rules; in front of it
// stands a listener that notes each request and can be given an answer of its own, piece by piece:
//
//     const go = gate();
//     gateway.answer('Rename', ['one ', go, 'two']);      // the next question that holds "Rename"
//     ... go.open();
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';

/** What a scripted answer counts as. */
export const USAGE = { prompt_tokens: 1_000_000, completion_tokens: 1_000_000, total_tokens: 2_000_000 };

/** A promise that a scene opens. */
export function gate() {
  let open;
  const promise = new Promise((resolve) => (open = resolve));
  return Object.assign(promise, { open });
}

export class Gateway {
  requests = [];
  #scripts = [];

  static async start(binary, dialect = 'opencodex') {
    const gateway = new Gateway();
    gateway.child = spawn(binary, ['--dialect', dialect], { stdio: ['pipe', 'pipe', 'inherit'] });
    gateway.house = await new Promise((resolve, reject) => {
      createInterface({ input: gateway.child.stdout }).once('line', (line) => resolve(new URL(line)));
      gateway.child.once('exit', () => reject(new Error('the scripted gateway ended')));
    });
    gateway.server = http.createServer((request, response) => {
      gateway.#serve(request, response).catch(() => response.destroy());
    });
    await gateway.up();
    return gateway;
  }

  get key() {
    return 'sk-live-test0123456789';
  }
  get url() {
    return `http://127.0.0.1:${this.port}${this.house.pathname}`;
  }

  /** The pieces that answer the next POST whose body holds `about`; a piece is text, `{thought}`, or a promise (or what makes one) to wait for. */
  answer(about, pieces) {
    this.#scripts.push({ about, pieces });
  }
  /** The next POST whose body holds `about` is refused. */
  refuse(about, status, body, headers = {}) {
    this.#scripts.push({ about, status, body, headers });
  }

  /** Nobody listens any more, and what runs is cut. */
  async down() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
  async up() {
    await new Promise((resolve) => this.server.listen(this.port ?? 0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }
  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    this.child.stdin.end();
  }

  async #serve(request, response) {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const seen = { method: request.method, path: request.url, headers: request.headers, body, closed: false };
    if (request.method !== 'HEAD') this.requests.push(seen); // by HEAD clients warm a connection
    response.on('close', () => (seen.closed = true));
    const at = request.method === 'POST' ? this.#scripts.findIndex(({ about }) => body.includes(about)) : -1;
    if (at < 0) return this.#house(request, body, response);
    const [script] = this.#scripts.splice(at, 1);
    if (script.status !== undefined) {
      response.writeHead(script.status, { 'content-type': 'application/json', ...script.headers });
      response.end(JSON.stringify(script.body));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (choice) =>
      response.write(
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }] })}\n\n`,
      );
    for (const piece of script.pieces) {
      if (typeof piece === 'string') send({ delta: { content: piece }, finish_reason: null });
      else if (piece.thought) send({ delta: { reasoning_content: piece.thought }, finish_reason: null });
      else await (typeof piece === 'function' ? piece() : piece);
    }
    send({ delta: {}, finish_reason: 'stop' });
    response.write(`data: ${JSON.stringify({ id: 'c', choices: [], usage: USAGE })}\n\n`);
    response.end('data: [DONE]\n\n');
  }

  #house(request, body, response) {
    const { hostname, port } = this.house;
    const onwards = http.request(
      { hostname, port, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.destroy());
    onwards.end(body);
  }
}
