/** The part of jStat 1.9 that distributions.ts uses; the package brings no types. */
declare module 'jstat' {
  const jStat: {
    readonly chisquare: { cdf(x: number, degreesOfFreedom: number): number }
    readonly normal: { inv(p: number, mean: number, deviation: number): number }
    readonly studentt: {
      pdf(x: number, degreesOfFreedom: number): number
      inv(p: number, degreesOfFreedom: number): number
    }
    readonly tukey: { inv(p: number, groups: number, degreesOfFreedom: number): number }
    erfc(x: number): number
    gammaln(x: number): number
  }
  export default jStat
}
