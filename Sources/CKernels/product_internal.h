#pragma once

#include "CKernels.h"

enum {
  /// Rows of B in one panel: 256×12 doubles are 24 KiB of a 32 KiB first-level cache.
  sg_block_depth = 256,
  /// Doubles of A in one block: 256 KiB, half a second-level cache.
  sg_block_doubles = 1 << 15,
  /// A is packed when C is at least this many panels wide, so that each packed number is used that often.
  sg_pack_a_width = 8,
};

/// One part of C, computed by one thread.
typedef struct {
  sg_size m, n, k;
  double alpha, beta;
  const double *a, *b;
  double *c;
  sg_size lda, ldb, ldc;
  bool transpose_a, transpose_b;
  double *block;  // sg_block_doubles of scratch, or null: A is then read where it lies
} sg_part;

void sg_product_block_baseline(const sg_part *part);
void sg_product_block_avx2(const sg_part *part);
