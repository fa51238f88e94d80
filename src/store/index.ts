export { isLocked, lockStudy, type StudyLock } from './lock.ts'
export {
  type FailureRecord,
  openStore,
  type PhaseRecord,
  type Store,
  type StudyRecord,
  type Timing,
  type TrialRecord,
} from './store.ts'
