/** Tails and quantiles of the distributions that the tests need, over jStat. */
import jStat from 'jstat'

/** P(|T| >= |t|) for Student's t. Relative error below 1e-9, which is that of jStat's logarithm of the gamma function. */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  const total = degreesOfFreedom + t * t
  return regularisedBeta(degreesOfFreedom / total, (t * t) / total, degreesOfFreedom / 2, 0.5)
}

/**
 * The t with P(T <= t) = p, for p in (0.5, 1). jStat's value carries an error of 1e-7 from its incomplete beta; Newton steps on
 * our own remove it.
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  let t = jStat.studentt.inv(p, degreesOfFreedom)
  for (let step = 0; step < 3; step++) {
    const error = 1 - studentTwoSided(t, degreesOfFreedom) / 2 - p
    t -= error / jStat.studentt.pdf(t, degreesOfFreedom)
  }
  return t
}

/** P(|Z| >= |z|) for a standard normal. */
export function normalTwoSided(z: number): number {
  return Math.max(0, jStat.erfc(Math.abs(z) / Math.SQRT2))
}

/** The z with P(Z <= z) = p, for p in (0, 1). */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1)
}

/** P(X >= x) for chi-square. */
export function chiSquareUpper(x: number, degreesOfFreedom: number): number {
  return Math.max(0, 1 - jStat.chisquare.cdf(x, degreesOfFreedom))
}

/** The q with P(range of `groups` standard normals <= q) = p: the studentized range for infinite degrees of freedom. */
export function studentizedRangeQuantile(p: number, groups: number): number {
  return jStat.tukey.inv(p, groups, Number.POSITIVE_INFINITY)
}

/**
 * I_x(a, b) by its continued fraction (DLMF 8.17.22, evaluated by Lentz's method), `complement` being 1 - x without its
 * rounding. jStat stops the same fraction at a change of 3e-7, too early for intervals that are to agree with other software.
 */
function regularisedBeta(x: number, complement: number, a: number, b: number): number {
  if (x === 0) return 0
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(complement, x, b, a)

  const logFront =
    jStat.gammaln(a + b) - jStat.gammaln(a) - jStat.gammaln(b) + a * Math.log(x) + b * Math.log(complement)
  let c = 1
  let d = 0
  let fraction = 1
  for (let i = 1; i <= 1000; i++) {
    const m = i >> 1
    const coefficient =
      i % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + coefficient * d)
    c = 1 + coefficient / c
    fraction *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return Math.exp(logFront) / (a * fraction)
}
