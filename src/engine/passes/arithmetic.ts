/**
 * The elementwise operations whose float32 result IEEE 754 fixes to the last bit, so that it makes no difference who
 * computes it. Arithmetic in float64 rounded to float32 is rounded correctly, since 53 >= 2 * 24 + 2 bits (Figueroa 1995).
 */
export const arithmetic: Readonly<Record<string, (...operands: number[]) => number>> = {
  negate: (a) => -a,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
}
