// The body of a cache-blocked product, included once for each instruction set with
//   BLOCK  the name of the function to define,
//   LANES  doubles in a vector,  VECTORS  vectors in a row of the register tile,
// so that the tile is 4×(LANES·VECTORS). Every entry of C is summed in the same order whatever part of C
// it is computed in, so a product cut into parts for threads gives the same bits.
#include <string.h>

#include "product_internal.h"

enum { ROWS = 4, COLUMNS = LANES * VECTORS };

typedef double vector __attribute__((vector_size(LANES * sizeof(double))));
typedef vector unaligned_vector __attribute__((aligned(sizeof(double))));

/// c (rows×width) = alpha·a·b + beta·c, with a[i, p] at a[i·ars + p·acs] and b[p, ·] at b + p·brs,
/// `vectors` vectors wide of which `width` doubles are wanted.
static inline __attribute__((always_inline)) void tile(const int rows, const int vectors, sg_size k, double alpha,
                                                       const double *a, sg_size ars, sg_size acs,
                                                       const double *b, sg_size brs, double beta, double *c,
                                                       sg_size ldc, sg_size width) {
  vector sum[ROWS][VECTORS];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) sum[i][j] = (vector){0};
#ifdef FULL_TILE_STEP
  if (rows == ROWS && vectors == VECTORS) {
#pragma clang loop unroll_count(4)
    for (sg_size p = 0; p < k; p++) {
      FULL_TILE_STEP(sum, a, ars, b);
      a += acs;
      b += brs;
    }
    k = 0;
  }
#endif
  for (sg_size p = 0; p < k; p++) {
    vector row[VECTORS];
    for (int j = 0; j < vectors; j++) row[j] = *(const unaligned_vector *)(b + j * LANES);
    for (int i = 0; i < rows; i++) {
      double factor = a[i * ars];
      for (int j = 0; j < vectors; j++) sum[i][j] += factor * row[j];
    }
    a += acs;
    b += brs;
  }
  if (width == vectors * LANES) {
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < vectors; j++) {
        unaligned_vector *target = (unaligned_vector *)(c + i * ldc + j * LANES);
        *target = beta == 0 ? alpha * sum[i][j] : alpha * sum[i][j] + beta * *target;
      }
  } else {
    // The same arithmetic on a copy, since C ends before the last vector does.
    double copy[VECTORS * LANES] = {0};
    for (int i = 0; i < rows; i++) {
      if (beta != 0) memcpy(copy, c + i * ldc, (size_t)width * sizeof(double));
      for (int j = 0; j < vectors; j++) {
        unaligned_vector *target = (unaligned_vector *)(copy + j * LANES);
        *target = beta == 0 ? alpha * sum[i][j] : alpha * sum[i][j] + beta * *target;
      }
      memcpy(c + i * ldc, copy, (size_t)width * sizeof(double));
    }
  }
}

typedef void tile_function(sg_size k, double alpha, const double *a, sg_size ars, sg_size acs, const double *b,
                           sg_size brs, double beta, double *c, sg_size ldc, sg_size width);

#define TILE(R, V)                                                                                             \
  static void tile_##R##_##V(sg_size k, double alpha, const double *a, sg_size ars, sg_size acs,              \
                             const double *b, sg_size brs, double beta, double *c, sg_size ldc,               \
                             sg_size width) {                                                                  \
    if (ars == 1 && acs == ROWS && brs == COLUMNS)                                                             \
      tile(R, V, k, alpha, a, 1, ROWS, b, COLUMNS, beta, c, ldc, width);                                       \
    else                                                                                                       \
      tile(R, V, k, alpha, a, ars, acs, b, brs, beta, c, ldc, width);                                            \
  }
#define TILES(V) TILE(1, V) TILE(2, V) TILE(3, V) TILE(4, V)
#define TILE_NAMES(V) {tile_1_##V, tile_2_##V, tile_3_##V, tile_4_##V}

TILES(1)
TILES(2)
#if VECTORS == 2
static tile_function *const tiles[VECTORS][ROWS] = {TILE_NAMES(1), TILE_NAMES(2)};
#elif VECTORS == 3
TILES(3)
static tile_function *const tiles[VECTORS][ROWS] = {TILE_NAMES(1), TILE_NAMES(2), TILE_NAMES(3)};
#else
TILES(3)
TILES(4)
static tile_function *const tiles[VECTORS][ROWS] = {TILE_NAMES(1), TILE_NAMES(2), TILE_NAMES(3), TILE_NAMES(4)};
#endif

/// A strip of op(B), k×width, to a k×COLUMNS panel padded with zeros.
static void pack_b(sg_size k, sg_size width, const double *b, sg_size ldb, bool transpose, sg_size beyond,
                   double *panel) {
  if (!transpose) {
    if (width == COLUMNS) {
      for (sg_size p = 0; p < k; p++, b += ldb, panel += COLUMNS) {
        // The next strip lies beside this one, on lines that no hardware prefetcher sees coming.
        if (beyond > 0) {
          __builtin_prefetch(b + COLUMNS, 0, 2);
          if (COLUMNS > 8) __builtin_prefetch(b + COLUMNS + 8, 0, 2);
        }
        for (int j = 0; j < VECTORS; j++)
          ((unaligned_vector *)panel)[j] = ((const unaligned_vector *)b)[j];
      }
    } else {
      for (sg_size p = 0; p < k; p++, b += ldb, panel += COLUMNS)
        for (sg_size j = 0; j < COLUMNS; j++) panel[j] = j < width ? b[j] : 0;
    }
    return;
  }
  for (sg_size j = 0; j < COLUMNS; j++) {
    if (j < width) {
      const double *column = b + j * ldb;
      for (sg_size p = 0; p < k; p++) panel[p * COLUMNS + j] = column[p];
    } else {
      for (sg_size p = 0; p < k; p++) panel[p * COLUMNS + j] = 0;
    }
  }
}

/// A block of op(A), m×k, to strips of ROWS rows, each strip k×ROWS.
static void pack_a(sg_size m, sg_size k, const double *a, sg_size ars, sg_size acs, double *block) {
  for (sg_size i = 0; i < m; i += ROWS, block += k * ROWS) {
    sg_size rows = m - i < ROWS ? m - i : ROWS;
    const double *source = a + i * ars;
    if (rows == ROWS && ars == 1) {
      for (sg_size p = 0; p < k; p++, source += acs) memcpy(block + p * ROWS, source, ROWS * sizeof(double));
    } else {
      for (sg_size r = 0; r < rows; r++)
        for (sg_size p = 0; p < k; p++) block[p * ROWS + r] = source[r * ars + p * acs];
    }
  }
}

void BLOCK(const sg_part *x) {
  const sg_size m = x->m, n = x->n;
  const sg_size ars = x->transpose_a ? 1 : x->lda, acs = x->transpose_a ? x->lda : 1;
  _Alignas(64) double panel[sg_block_depth * COLUMNS];

  // Equal parts of k, none deeper than what leaves the panel in the first-level cache.
  const sg_size parts = (x->k + sg_block_depth - 1) / sg_block_depth;
  for (sg_size part = 0; part < parts; part++) {
    const sg_size p0 = x->k * part / parts, depth = x->k * (part + 1) / parts - p0;
    const double beta = part == 0 ? x->beta : 1;
    sg_size height = sg_block_doubles / depth / ROWS * ROWS;

    for (sg_size i0 = 0; i0 < m; i0 += height) {
      const sg_size rows = m - i0 < height ? m - i0 : height;
      const double *block = x->a + i0 * ars + p0 * acs;
      sg_size strip_step = ROWS * ars, row_step = ars, column_step = acs;
      if (x->block && n >= sg_pack_a_width * COLUMNS) {
        pack_a(rows, depth, block, ars, acs, x->block);
        block = x->block;
        strip_step = ROWS * depth;
        row_step = 1;
        column_step = ROWS;
      }
      for (sg_size j0 = 0; j0 < n && !sg_is_interrupted(); j0 += COLUMNS) {
        const sg_size width = n - j0 < COLUMNS ? n - j0 : COLUMNS;
        const double *strip = x->transpose_b ? x->b + j0 * x->ldb + p0 : x->b + p0 * x->ldb + j0;
        sg_size strip_stride = x->ldb;
        // Few rows do not repay the copying of B.
        if (x->transpose_b || width < COLUMNS || rows > 2 * ROWS) {
          pack_b(depth, width, strip, x->ldb, x->transpose_b, n - j0 - 2 * COLUMNS, panel);
          strip = panel;
          strip_stride = COLUMNS;
        }
        tile_function *const *column_tiles = tiles[(width + LANES - 1) / LANES - 1];
        double *c = x->c + i0 * x->ldc + j0;
        const double *a = block;
        for (sg_size i = 0; i < rows; i += ROWS, a += strip_step, c += ROWS * x->ldc) {
          sg_size r = rows - i < ROWS ? rows - i : ROWS;
          column_tiles[r - 1](depth, x->alpha, a, row_step, column_step, strip, strip_stride, beta, c, x->ldc,
                              width);
        }
      }
    }
  }
}
