import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { createCommand, verboseOption } from '../command.ts'
import { note } from '../terminal.ts'

interface ExportFlags {
  readonly format: 'csv' | 'json'
  readonly out?: string
}

/** evenkeel export */
export function exportCommand(): Command {
  return createCommand('export', 'Print the numbers of a study for other programs.', [
    ['evenkeel export > results.csv', 'one row a cell, method and metric'],
    ['evenkeel export evenkeel-out/digits --format json --out digits.json', 'the whole comparison'],
  ])
    .argument('[dir]', 'folder of the study (default: the only one in ./evenkeel-out)')
    .addOption(new Option('--format <format>', 'csv or json').choices(['csv', 'json']).default('csv'))
    .option('--out <file>', 'write a file instead of stdout')
    .addOption(verboseOption())
    .action(exportStudy)
}

async function exportStudy(given: string | undefined, { format, out }: ExportFlags): Promise<void> {
  const { findStudy } = await import('../study-folder.ts')
  const { compareStudy } = await import('../../study/open-study.ts')
  const { toCsv, toJson } = await import('../../report/exports.ts')
  const comparison = await compareStudy(findStudy(given))
  const text = format === 'csv' ? toCsv(comparison) : toJson(comparison)
  if (out === undefined) {
    process.stdout.write(text)
    return
  }
  const { writeWhole } = await import('../report-file.ts')
  await writeWhole(resolve(out), text)
  note(resolve(out))
}
