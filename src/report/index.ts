/** What a study's results look like: a page, a table for the terminal, and files for other programs. */
export type { ReportExtras } from './context.ts'
export { toCsv, toJson } from './exports.ts'
export { type FigureFile, reproductionFigureFiles, studyFigureFiles } from './figure-files.tsx'
export { reproductionMarkdown } from './markdown.ts'
export { renderReport } from './report.tsx'
export { type ReproductionInput, renderReproduction } from './reproduction-report.tsx'
export { renderTable, type TableOptions } from './terminal.ts'
