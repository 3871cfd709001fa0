// Vectors of 512 bits: 24 sums, 3 vectors of B and one factor of A of the 32 registers there are.
#if defined(__x86_64__)
#include <string.h>

#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
#define REAL float
#define BLOCK sg_single_block_avx512
#define LANES 16
#define VECTORS 3
#define ROWS 8
#define DEPTH 128
#include "product_block.h"
#pragma clang attribute pop
#endif
