// Vectors of 128 bits: SSE2 on x86-64, NEON on arm64.
#define REAL double
#define BLOCK sg_product_block_baseline
#define LANES 2
#if defined(__aarch64__)
#define VECTORS 4
#else
#define VECTORS 2
#endif
#define ROWS 4
#define DEPTH 256
#include "product_block.h"
