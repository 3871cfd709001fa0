// Small products, included once for each type of number with REAL and PLAIN, the name of the function to define.
// Left to right over k, products rounded before they are added, as a person would: the same bits on every machine.

/// Columns j0..<j0+width of C; `brs` and `bcs` are the strides of op(B).
static inline __attribute__((always_inline)) void NAME(PLAIN, columns)(const sg_part *x, const sg_size width, sg_size j0,
                                                                       const REAL *b, sg_size brs, sg_size bcs) {
#pragma STDC FP_CONTRACT OFF
  const sg_size ars = x->transpose_a ? 1 : x->lda, acs = x->transpose_a ? x->lda : 1;
  const REAL alpha = (REAL)x->alpha, beta = (REAL)x->beta;
  b += j0 * bcs;
  for (sg_size i = 0; i < x->m; i++) {
    const REAL *a = (const REAL *)x->a + i * ars, *row = b;
    REAL sum[32];
    for (sg_size j = 0; j < width; j++) sum[j] = a[0] * row[j * bcs];
    for (sg_size p = 1; p < x->k; p++) {
      const REAL factor = a[p * acs];
      row += brs;
      for (sg_size j = 0; j < width; j++) {
        REAL term = factor * row[j * bcs];
        sum[j] = sum[j] + term;
      }
    }
    REAL *c = (REAL *)x->c + i * x->ldc + j0;
    for (sg_size j = 0; j < width; j++) {
      REAL value = alpha == 1 ? sum[j] : alpha * sum[j];
      if (beta != 0) {
        REAL before = beta * c[j];
        value = value + before;
      }
      c[j] = value;
    }
  }
}

/// - Parameter scratch: `x->k * x->n` numbers, or null.
CLONES static void PLAIN(const sg_part *x, REAL *scratch) {
  const REAL *b = x->b;
  sg_size brs = x->transpose_b ? 1 : x->ldb, bcs = x->transpose_b ? x->ldb : 1;
  if (x->transpose_b && scratch) {
    for (sg_size j = 0; j < x->n; j++)
      for (sg_size p = 0; p < x->k; p++) scratch[p * x->n + j] = b[j * x->ldb + p];
    b = scratch;
    brs = x->n;
    bcs = 1;
  }
  sg_size j = 0;
  if (bcs == 1) {
    for (; j + 32 <= x->n; j += 32) NAME(PLAIN, columns)(x, 32, j, b, brs, 1);
    for (; j + 8 <= x->n; j += 8) NAME(PLAIN, columns)(x, 8, j, b, brs, 1);
    for (; j + 4 <= x->n; j += 4) NAME(PLAIN, columns)(x, 4, j, b, brs, 1);
  }
  for (; j < x->n; j++) NAME(PLAIN, columns)(x, 1, j, b, brs, bcs);
}
