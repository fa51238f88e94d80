export { type Checkpoint, type CurvePoint, loadCheckpoint, removeCheckpoint, saveCheckpoint } from './checkpoint.ts'
export { createEvaluator, type Evaluator } from './evaluation.ts'
export { type PhaseHooks, type PhaseResult, type PhaseSetup, type Training, trainPhase } from './phase.ts'
