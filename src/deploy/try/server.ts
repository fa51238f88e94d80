import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { EvenkeelError } from '../../base/errors.ts'
import { readModel } from '../bundle.ts'
import { page, pageStyle } from './page.ts'

/** A served page, until it is closed. */
export interface TryServer {
  readonly url: string
  close(): Promise<void>
}

export interface TryOptions {
  /** 0 takes one that is free. @defaultValue 0 */
  readonly port?: number | undefined
}

/** Only this machine can reach it. */
const LOOPBACK = '127.0.0.1'

/** The page may run what comes from here and nothing else, and send nothing anywhere. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

const types = { js: 'text/javascript', wasm: 'application/wasm', css: 'text/css', html: 'text/html; charset=utf-8' }

/** The compiled module that runs in the browser; what it imports is served with it. */
const main = 'deploy/try/browser/main.js'

/** The runtime for browsers, as its package has it. */
const runtimeFiles = ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']

/**
 * Serves a page on loopback in which a model answers in the browser for images that are dropped there. Nothing is uploaded: there is
 * no address that takes anything, and the page may speak with no other. Requests that name another host are refused, so that no
 * other site can have a browser read the model (DNS rebinding).
 *
 * @throws EvenkeelError `deploy.port` where the port is taken, and those of `readModel`
 */
export async function serveModel(directory: string, { port = 0 }: TryOptions = {}): Promise<TryServer> {
  const { manifest, model } = await readModel(directory)
  const app = new Hono()
  let hosts: readonly string[] = []
  app.use(async (context, next) => {
    if (!hosts.includes(context.req.header('host') ?? ''))
      return context.text('this page is for this machine alone\n', 403)
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
    return next()
  })
  const give = (path: string, type: string, body: () => Uint8Array | string) =>
    app.get(path, (context: Context) => {
      context.header('content-type', type)
      return context.body(body() as Uint8Array<ArrayBuffer>)
    })
  give('/', types.html, () => page(manifest))
  give('/style.css', types.css, () => pageStyle)
  give('/model.json', 'application/json', () => JSON.stringify(manifest))
  give('/model.onnx', 'application/octet-stream', () => model)
  const compiled = fileURLToPath(new URL('../../', import.meta.url))
  for (const path of modulesFrom(compiled, main))
    give(`/code/${path}`, types.js, () => readFileSync(join(compiled, path)))
  const runtime = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')))
  for (const name of runtimeFiles) {
    give(`/runtime/${name}`, name.endsWith('.wasm') ? types.wasm : types.js, () => readFileSync(join(runtime, name)))
  }

  const server = createAdaptorServer({ fetch: app.fetch })
  const bound = await new Promise<number>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(port, cause)))
    server.listen(port, LOOPBACK, () => resolve((server.address() as { port: number }).port))
  })
  hosts = [`${LOOPBACK}:${bound}`, `localhost:${bound}`]
  return {
    url: `http://${LOOPBACK}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

/** A module and all that it imports, below a folder of compiled code; of those a browser can run each. */
function modulesFrom(folder: string, first: string): Set<string> {
  const found = new Set([first])
  for (const path of found) {
    const code = readFileSync(join(folder, path), 'utf8')
    for (const [, name] of code.matchAll(/^(?:import|export)\b[^'"]*?from '(\.[^']+)'/gm)) {
      found.add(posix.join(posix.dirname(path), name!))
    }
  }
  return found
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): EvenkeelError {
  const taken = cause.code === 'EADDRINUSE'
  return new EvenkeelError(
    'deploy.port',
    taken ? `port ${port} is taken by another program` : `cannot listen on port ${port}: ${cause.message}`,
    'leave --port out, and a free one is found',
    { cause },
  )
}
