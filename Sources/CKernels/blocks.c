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

#define NAME sg_block
#define REAL double
#define SQUARE_ROOT __builtin_sqrt
#define ABSOLUTE __builtin_fabs
#define SIGMOID sg_sigmoid
#define TANH sg_tanh
#define EXP sg_exp
#include "blocks_body.h"
#undef NAME
#undef REAL
#undef SQUARE_ROOT
#undef ABSOLUTE
#undef SIGMOID
#undef TANH
#undef EXP
#define NAME sg_block_single
#define REAL float
#define SQUARE_ROOT __builtin_sqrtf
#define ABSOLUTE __builtin_fabsf
#define SIGMOID sg_sigmoid_single
#define TANH sg_tanh_single
#define EXP sg_exp_single
#include "blocks_body.h"
