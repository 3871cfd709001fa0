// The operations of fused elementwise loops: the caller goes through long arrays in blocks that stay in the
// first-level cache and applies one operation after another to a block. `out` may be one of the inputs, which
// the compiler has to be told, or it would fall back to one entry at a time.
#include "CKernels.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__GLIBC__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define EACH(expression)                              \
  {                                                   \
    _Pragma("clang loop vectorize(assume_safety)")    \
    for (sg_size i = 0; i < n; i++) out[i] = expression; \
    return true;                                      \
  }

CLONES bool sg_block(int operation, sg_size n, const double *x, const double *y, const double *z, double *out) {
  switch (operation) {
    case sg_block_add: EACH(x[i] + y[i])
    case sg_block_subtract: EACH(x[i] - y[i])
    case sg_block_multiply: EACH(x[i] * y[i])
    case sg_block_divide: EACH(x[i] / y[i])
    case sg_block_less: EACH(x[i] < y[i] ? 1.0 : 0.0)
    case sg_block_less_or_equal: EACH(x[i] <= y[i] ? 1.0 : 0.0)
    case sg_block_greater: EACH(x[i] > y[i] ? 1.0 : 0.0)
    case sg_block_greater_or_equal: EACH(x[i] >= y[i] ? 1.0 : 0.0)
    case sg_block_equal: EACH(x[i] == y[i] ? 1.0 : 0.0)
    case sg_block_not_equal: EACH(x[i] != y[i] ? 1.0 : 0.0)
    case sg_block_maximum: EACH(x[i] != x[i] || x[i] > y[i] ? x[i] : y[i])
    case sg_block_minimum: EACH(x[i] != x[i] || x[i] < y[i] ? x[i] : y[i])
    case sg_block_negative: EACH(-x[i])
    case sg_block_relu: EACH(x[i] <= 0 ? 0.0 : x[i])
    case sg_block_square_root: EACH(__builtin_sqrt(x[i]))
    case sg_block_absolute: EACH(__builtin_fabs(x[i]))
    case sg_block_where: EACH(x[i] != 0 ? y[i] : z[i])
    case sg_block_clip: EACH(x[i] < y[i] ? y[i] : x[i] > z[i] ? z[i] : x[i])
    case sg_block_sigmoid: sg_sigmoid(n, x, out); return true;
    case sg_block_tanh: sg_tanh(n, x, out); return true;
    case sg_block_exp: sg_exp(n, x, out); return true;
  }
  return false;
}
