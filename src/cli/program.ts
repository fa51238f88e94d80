import type { Command } from 'commander'
import { version } from '../base/versions.ts'
import { createCommand } from './command.ts'
import { adviseCommand } from './commands/advise.ts'
import { auditCommand } from './commands/audit.ts'
import { dataCommand } from './commands/data.ts'
import { doctorCommand } from './commands/doctor.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { exportCommand } from './commands/export.ts'
import { fitCommand } from './commands/fit.ts'
import { methodsCommand } from './commands/methods.ts'
import { planCommand } from './commands/plan.ts'
import { predictCommand } from './commands/predict.ts'
import { profileCommand } from './commands/profile.ts'
import { reportCommand } from './commands/report.ts'
import { statusCommand } from './commands/status.ts'
import { studyCommand } from './commands/study.ts'
import { tryCommand } from './commands/try.ts'
import { exitCodes } from './exit-codes.ts'

const exitCodeMeanings: Record<keyof typeof exitCodes, string> = {
  done: 'done',
  unexpected: 'unexpected failure, or a problem that doctor found',
  input: 'wrong usage, config or data',
  failedParts: 'done but for some trials that failed, or images that could not be read',
  failedCheck: 'a check that was asked for found something',
  interrupted: 'interrupted; the same command goes on',
}

/** The whole command line. Heavy modules are imported by the actions, so that help is there at once. */
export function createProgram(): Command {
  const program = createCommand(
    'evenkeel',
    'Studies which remedy for class imbalance works on your images, and how sure that is.',
    [
      ['evenkeel study', 'compares eight methods on the digits that come along; takes about a minute'],
      ['evenkeel study --data mnist:data/mnist --rho 10,100', 'the same on MNIST, at other imbalance ratios'],
      ['evenkeel methods oversampling', 'what a method does, when it helps and when not'],
    ],
  )
  program
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
  program.commandsGroup('Studies:')
  for (const create of [auditCommand, studyCommand, planCommand, statusCommand, reportCommand, exportCommand]) {
    program.addCommand(create())
  }
  program.commandsGroup('Models:')
  for (const create of [fitCommand, predictCommand, evaluateCommand, tryCommand]) program.addCommand(create())
  program.commandsGroup('Knowledge:')
  for (const create of [adviseCommand, methodsCommand, dataCommand, doctorCommand, profileCommand])
    program.addCommand(create())
  return program.addHelpText('after', exitCodesText())
}

function exitCodesText(): string {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[]
  const lines = names.map((name) => `  ${String(exitCodes[name]).padEnd(4)} ${exitCodeMeanings[name]}`)
  return `\nExit codes:\n${lines.join('\n')}`
}
