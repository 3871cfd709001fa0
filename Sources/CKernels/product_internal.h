#pragma once

#include "CKernels.h"

enum {
  /// Bytes of A in one block: 256 KiB, half a second-level cache or less.
  sg_block_bytes = 1 << 18,
  /// A is packed when C is at least this many panels wide, so that each packed number is used that often.
  sg_pack_a_width = 2,
};

/// One part of C, computed by one thread. Numbers are doubles, or floats in the functions called single.
typedef struct {
  sg_size m, n, k;
  double alpha, beta;
  const void *a, *b;
  void *c;
  sg_size lda, ldb, ldc;
  bool transpose_a, transpose_b;
  void *block;  // sg_block_bytes of scratch, or null: A is then read where it lies
} sg_part;

typedef void sg_part_function(const sg_part *part);

/// What one instruction set has to offer.
typedef struct {
  const char *name;
  /// Rows and columns of the register tile, in doubles and in floats.
  sg_size rows, columns, single_columns;
  sg_part_function *product, *single;
} sg_instructions;

sg_part_function sg_product_block_baseline, sg_product_block_avx2, sg_product_block_avx512;
sg_part_function sg_single_block_baseline, sg_single_block_avx2, sg_single_block_avx512;
