// Vectors of 128 bits: SSE2 on x86-64, NEON on arm64.
#define REAL float
#define BLOCK sg_single_block_baseline
#define LANES 4
#if defined(__aarch64__)
#define VECTORS 4
#else
#define VECTORS 2
#endif
#define ROWS 4
#define DEPTH 256
#include "product_block.h"
