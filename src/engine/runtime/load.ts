import { EvenkeelError } from '../../base/errors.ts'

/** Loads onnxruntime-node on first use (it is large), and says what to do where its binary does not load. */
export async function loadRuntime(): Promise<typeof import('onnxruntime-node')> {
  try {
    const runtime = await import('onnxruntime-node')
    // It would print to stderr what it throws as well.
    runtime.env.logLevel = 'fatal'
    return runtime
  } catch (cause) {
    throw new EvenkeelError(
      'engine.runtime',
      `onnxruntime-node does not load on ${process.platform}-${process.arch}: ${(cause as Error).message.split('\n')[0]}`,
      'install again with ONNXRUNTIME_NODE_INSTALL=skip npm ci, or npm ci --ignore-scripts',
      { cause },
    )
  }
}
