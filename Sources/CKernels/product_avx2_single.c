// Vectors of eight floats and fused multiply-add, chosen at run time: 12 sums, 3 vectors of B and one factor of
// A are the 16 registers there are.
#if defined(__x86_64__)
#include <string.h>

#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define REAL float
#define BLOCK sg_single_block_avx2
#define LANES 8
#define VECTORS 3
#define ROWS 4
#define DEPTH 256
// Left to itself the compiler spills some of the sums in the inner loop, at half the speed; these are the
// instructions it would choose, and the same arithmetic.
#define ROW_STEP(address, s0, s1, s2)                                                                          \
  "vbroadcastss " address ", %%ymm15\n\t"                                                                      \
  "vfmadd231ps %%ymm12, %%ymm15, %" s0 "\n\t"                                                                  \
  "vfmadd231ps %%ymm13, %%ymm15, %" s1 "\n\t"                                                                  \
  "vfmadd231ps %%ymm14, %%ymm15, %" s2 "\n\t"
#define FULL_TILE_STEP(sum, a, ars, b)                                                                         \
  __asm__("vmovups (%[pb]), %%ymm12\n\t"                                                                      \
          "vmovups 32(%[pb]), %%ymm13\n\t"                                                                    \
          "vmovups 64(%[pb]), %%ymm14\n\t"                                                                    \
          ROW_STEP("(%[pa])", "0", "1", "2")                                                                   \
          ROW_STEP("(%[pa],%[s],4)", "3", "4", "5")                                                            \
          ROW_STEP("(%[pa2])", "6", "7", "8")                                                                  \
          ROW_STEP("(%[pa2],%[s],4)", "9", "10", "11")                                                         \
          : "+x"(sum[0][0]), "+x"(sum[0][1]), "+x"(sum[0][2]), "+x"(sum[1][0]), "+x"(sum[1][1]),               \
            "+x"(sum[1][2]), "+x"(sum[2][0]), "+x"(sum[2][1]), "+x"(sum[2][2]), "+x"(sum[3][0]),               \
            "+x"(sum[3][1]), "+x"(sum[3][2])                                                                   \
          : [pa] "r"(a), [pa2] "r"(a + 2 * (ars)), [s] "r"(ars), [pb] "r"(b)                                   \
          : "xmm12", "xmm13", "xmm14", "xmm15", "memory")
#include "product_block.h"
#pragma clang attribute pop
#endif
