// The operations of fused elementwise loops: the caller goes through long arrays in blocks that stay in the
// first-level cache and applies one operation after another to a block. `out` may be one of the inputs, which
// the compiler has to be told, or it would fall back to one entry at a time.
#include "CKernels.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

#define EACH(expression)                              \
  {                                                   \
    _Pragma("clang loop vectorize(assume_safety)")    \
    for (sg_size i = 0; i < n; i++) out[i] = expression; \
    return true;                                      \
  }

#define NAME block_of_part
#define STATIC static
#define REAL double
#define SQUARE_ROOT __builtin_sqrt
#define ABSOLUTE __builtin_fabs
#define SIGMOID sg_sigmoid
#define TANH sg_tanh
#define EXP sg_exp
#define ERF sg_erf
#include "blocks_body.h"
#undef NAME
#undef REAL
#undef SQUARE_ROOT
#undef ABSOLUTE
#undef SIGMOID
#undef TANH
#undef EXP
#undef ERF
typedef struct {
  int operation;
  sg_size n, parts;
  const double *x, *y, *z;
  double *out;
} divided;

static void run_part(void *context, sg_size index) {
  const divided *d = context;
  const sg_size from = d->n * index / d->parts, to = d->n * (index + 1) / d->parts;
  block_of_part(d->operation, to - from, d->x + from, d->y + from, d->z + from, d->out + from);
}

bool sg_block(int operation, sg_size n, const double *x, const double *y, const double *z, double *out) {
  // An exponential is about 1 ns, more than another thread's share of the memory; waking it takes some microseconds.
  if (operation < sg_block_sigmoid || n < 8192) return block_of_part(operation, n, x, y, z, out);
  divided d = {operation, n, 4 * sg_thread_count(), x, y, z, out};
  sg_parallel(d.parts, run_part, &d);
  return true;
}

#undef STATIC
#define STATIC
#define NAME sg_block_single
#define REAL float
#define SQUARE_ROOT __builtin_sqrtf
#define ABSOLUTE __builtin_fabsf
#define SIGMOID sg_sigmoid_single
#define TANH sg_tanh_single
#define EXP sg_exp_single
#define ERF sg_erf_single
#include "blocks_body.h"
