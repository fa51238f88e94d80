import { type Command, Option } from 'commander'
import { EvenkeelError } from '../../base/errors.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { catchInterrupts } from '../interrupt.ts'
import { note, print, printJson } from '../terminal.ts'

interface TryFlags {
  readonly port?: number
  readonly json?: boolean
}

/** evenkeel try */
export function tryCommand(): Command {
  return createCommand('try', 'Open a page in which a model answers for images that you drop there.', [
    ['evenkeel try model/', 'serves the page on this machine alone, until Ctrl-C'],
    ['evenkeel try model/ --port 8080', 'always at the same address'],
  ])
    .argument('<model>', 'folder of a model, made by evenkeel fit')
    .addOption(new Option('--port <number>', 'where to listen (default: a free port)').argParser(port))
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(serve)
}

/** The images never leave the browser: the page has the model and answers by itself. */
async function serve(directory: string, flags: TryFlags): Promise<void> {
  const { serveModel } = await import('../../deploy/try/server.ts')
  const { url, close } = await serveModel(directory, { port: flags.port })
  const interrupts = catchInterrupts(() => {}, exitCodes.done)
  if (flags.json) printJson({ url })
  else print(`open ${url} and drop an image there; it is not uploaded\npress Ctrl-C to end`)
  await new Promise((resolve) => interrupts.stop.addEventListener('abort', resolve))
  await close()
  interrupts.release()
  note('closed')
}

function port(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  throw new EvenkeelError('cli.option', `--port must be an integer from 0 to 65535, got '${text}'`)
}
