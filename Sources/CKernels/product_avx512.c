// Vectors of 512 bits: 24 sums, 3 vectors of B and one factor of A of the 32 registers there are.
#if defined(__x86_64__)
#include <string.h>

#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
#define REAL double
#define BLOCK sg_product_block_avx512
#define LANES 8
#define VECTORS 3
#define ROWS 8
#define DEPTH 128
// 8 rows of 8 numbers to columns: pairs change places, then pairs of pairs, then halves.
#define SWAP(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define TRANSPOSE_SQUARE(in, stride, out, out_stride)                                                        \
  {                                                                                                \
    vector r[8], t[8];                                                                             \
    for (int i = 0; i < 8; i++) r[i] = *(const unaligned_vector *)((in) + i * (stride));           \
    for (int i = 0; i < 8; i += 2) {                                                               \
      t[i] = SWAP(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);                                      \
      t[i + 1] = SWAP(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);                                  \
    }                                                                                              \
    for (int i = 0; i < 8; i += i % 4 == 1 ? 3 : 1) {                                              \
      r[i] = SWAP(t[i], t[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);                                       \
      r[i + 2] = SWAP(t[i], t[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);                                 \
    }                                                                                              \
    for (int i = 0; i < 4; i++) {                                                                  \
      *(unaligned_vector *)((out) + i * (out_stride)) = SWAP(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);  \
      *(unaligned_vector *)((out) + (i + 4) * (out_stride)) =                                           \
          SWAP(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);                                        \
    }                                                                                              \
  }
#include "product_block.h"
#pragma clang attribute pop
#endif
