import type { StudyInput } from '../config.ts'

type ScheduleInput = NonNullable<StudyInput['training']>['schedule']

/** A learning-rate policy made for so many iterations, for another number: the rate at the same fraction of a training is the same. */
export function stretch(schedule: ScheduleInput, from: number, to: number): ScheduleInput {
  if (!(schedule instanceof Object) || from === to) return schedule
  const given = schedule as { kind?: string; gamma?: number; milestones?: number[]; every?: number }
  const shorter = (iterations: number) => Math.max(1, Math.round((iterations * to) / from))
  return {
    ...given,
    ...(given.gamma !== undefined && { gamma: (given.gamma * from) / to }),
    ...(given.milestones && { milestones: given.milestones.map(shorter) }),
    ...(given.every !== undefined && { every: shorter(given.every) }),
  } as ScheduleInput
}
