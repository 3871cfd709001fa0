// The body of a cache-blocked product, included once for each instruction set and type of number with
//   REAL   the type,  BLOCK  the name of the function to define,
//   LANES  numbers in a vector,  VECTORS  vectors in a row of the register tile,  ROWS  rows of it,
//   DEPTH  rows of B in one panel, which stays in the first-level cache beside a strip of A,
// so that the tile is ROWS×(LANES·VECTORS). Every entry of C is summed in the same order whatever part of C
// it is computed in, so a product cut into parts for threads gives the same bits.
#include <string.h>

#include "product_internal.h"

enum { COLUMNS = LANES * VECTORS, LINE = 64 / sizeof(REAL) };

typedef REAL vector __attribute__((vector_size(LANES * sizeof(REAL))));
typedef vector unaligned_vector __attribute__((aligned(sizeof(REAL))));

/// c (rows×width) = alpha·a·b + beta·c, with a[i, p] at a[i·ars + p·acs] and b[p, ·] at b + p·brs, `vectors` vectors
/// wide of which `width` numbers are wanted. What is read of b is written to `panel` as well, where there is one.
static inline __attribute__((always_inline)) void tile(const int rows, const int vectors, sg_size k, REAL alpha,
                                                       const REAL *a, sg_size ars, sg_size acs, const REAL *b,
                                                       sg_size brs, REAL beta, REAL *c, sg_size ldc, sg_size width,
                                                       REAL *panel) {
  // C may be far away: it is fetched while the sums are taken.
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors * LANES; j += LINE) __builtin_prefetch(c + i * ldc + j, 1, 3);
  vector sum[ROWS][VECTORS];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) sum[i][j] = (vector){0};
#ifdef FULL_TILE_STEP
  if (rows == ROWS && vectors == VECTORS && !panel) {
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
    if (panel) {
      for (int j = 0; j < vectors; j++) ((vector *)panel)[j] = row[j];
      panel += COLUMNS;
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      REAL factor = a[i * ars];
#pragma clang loop unroll(full)
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
    REAL copy[VECTORS * LANES] = {0};
    for (int i = 0; i < rows; i++) {
      if (beta != 0) memcpy(copy, c + i * ldc, (size_t)width * sizeof(REAL));
      for (int j = 0; j < vectors; j++) {
        unaligned_vector *target = (unaligned_vector *)(copy + j * LANES);
        *target = beta == 0 ? alpha * sum[i][j] : alpha * sum[i][j] + beta * *target;
      }
      memcpy(c + i * ldc, copy, (size_t)width * sizeof(REAL));
    }
  }
}

typedef void tile_function(sg_size k, REAL alpha, const REAL *a, sg_size ars, sg_size acs, const REAL *b, sg_size brs,
                           REAL beta, REAL *c, sg_size ldc, sg_size width);

#define TILE(R, V)                                                                                               \
  static void tile_##R##_##V(sg_size k, REAL alpha, const REAL *a, sg_size ars, sg_size acs, const REAL *b,      \
                             sg_size brs, REAL beta, REAL *c, sg_size ldc, sg_size width) {                      \
    if (ars == 1 && acs == ROWS && brs == COLUMNS)                                                               \
      tile(R, V, k, alpha, a, 1, ROWS, b, COLUMNS, beta, c, ldc, width, 0);                                      \
    else                                                                                                         \
      tile(R, V, k, alpha, a, ars, acs, b, brs, beta, c, ldc, width, 0);                                         \
  }
#if ROWS == 4
#define TILES(V) TILE(1, V) TILE(2, V) TILE(3, V) TILE(4, V)
#define TILE_NAMES(V) {tile_1_##V, tile_2_##V, tile_3_##V, tile_4_##V}
#else
#define TILES(V) TILE(1, V) TILE(2, V) TILE(3, V) TILE(4, V) TILE(5, V) TILE(6, V) TILE(7, V) TILE(8, V)
#define TILE_NAMES(V)                                                                                            \
  {tile_1_##V, tile_2_##V, tile_3_##V, tile_4_##V, tile_5_##V, tile_6_##V, tile_7_##V, tile_8_##V}
#endif

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
static void pack_b(sg_size k, sg_size width, const REAL *b, sg_size ldb, bool transpose, REAL *panel) {
  if (!transpose) {
    for (sg_size p = 0; p < k; p++, b += ldb, panel += COLUMNS)
      for (sg_size j = 0; j < COLUMNS; j++) panel[j] = j < width ? b[j] : 0;
    return;
  }
  sg_size p = 0;
#ifdef TRANSPOSE_SQUARE
  if (width == COLUMNS)
    for (; p + LANES <= k; p += LANES)
      for (int j = 0; j < COLUMNS; j += LANES) TRANSPOSE_SQUARE(b + j * ldb + p, ldb, panel + p * COLUMNS + j);
#endif
  for (sg_size j = 0; j < COLUMNS; j++) {
    const REAL *column = b + j * ldb;
    for (sg_size q = p; q < k; q++) panel[q * COLUMNS + j] = j < width ? column[q] : 0;
  }
}

/// A block of op(A), m×k, to strips of ROWS rows, each strip k×ROWS.
static void pack_a(sg_size m, sg_size k, const REAL *a, sg_size ars, sg_size acs, REAL *block) {
  for (sg_size i = 0; i < m; i += ROWS, block += k * ROWS) {
    sg_size rows = m - i < ROWS ? m - i : ROWS;
    const REAL *source = a + i * ars;
    if (rows == ROWS && ars == 1) {
      for (sg_size p = 0; p < k; p++, source += acs) memcpy(block + p * ROWS, source, ROWS * sizeof(REAL));
    } else {
      for (sg_size r = 0; r < rows; r++)
        for (sg_size p = 0; p < k; p++) block[p * ROWS + r] = source[r * ars + p * acs];
    }
  }
}

/// Fetches the part of the next strip of B that is the share of `strip` rows of A among `rows`: it lies on lines that no
/// hardware prefetcher sees coming.
static inline void fetch_b(sg_size k, sg_size done, sg_size rows, const REAL *b, sg_size ldb) {
  const sg_size to = done + ROWS < rows ? k * (done + ROWS) / rows : k;
  for (sg_size p = k * done / rows; p < to; p++)
    for (int j = 0; j < COLUMNS; j += LINE) __builtin_prefetch(b + p * ldb + j, 0, 2);
}

void BLOCK(const sg_part *x) {
  const sg_size m = x->m, n = x->n;
  const sg_size ars = x->transpose_a ? 1 : x->lda, acs = x->transpose_a ? x->lda : 1;
  const REAL alpha = (REAL)x->alpha;
  _Alignas(64) REAL panel[DEPTH * COLUMNS];

  // Equal parts of k, none deeper than what leaves the panel in the first-level cache.
  const sg_size parts = (x->k + DEPTH - 1) / DEPTH;
  for (sg_size part = 0; part < parts; part++) {
    const sg_size p0 = x->k * part / parts, depth = x->k * (part + 1) / parts - p0;
    const REAL beta = part == 0 ? (REAL)x->beta : 1;
    sg_size height = (sg_size)(sg_block_bytes / sizeof(REAL)) / depth / ROWS * ROWS;

    for (sg_size i0 = 0; i0 < m; i0 += height) {
      const sg_size rows = m - i0 < height ? m - i0 : height;
      const REAL *block = (const REAL *)x->a + i0 * ars + p0 * acs;
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
        const REAL *strip = (const REAL *)x->b + (x->transpose_b ? j0 * x->ldb + p0 : p0 * x->ldb + j0);
        sg_size strip_stride = x->ldb;
        REAL *c = (REAL *)x->c + i0 * x->ldc + j0;
        const REAL *a = block;
        sg_size i = 0;
        const REAL *next = !x->transpose_b && n - j0 >= 2 * COLUMNS ? strip + COLUMNS : 0;
        // Few rows do not repay the copying of B.
        if (x->transpose_b || width < COLUMNS) {
          pack_b(depth, width, strip, x->ldb, x->transpose_b, panel);
          strip = panel;
          strip_stride = COLUMNS;
        } else if (rows > 2 * ROWS) {
          if (next) fetch_b(depth, 0, rows, next, x->ldb);
          tile(ROWS, VECTORS, depth, alpha, a, row_step, column_step, strip, strip_stride, beta, c, x->ldc, width,
               panel);
          strip = panel;
          strip_stride = COLUMNS;
          i = ROWS;
          a += strip_step;
          c += ROWS * x->ldc;
        }
        tile_function *const *column_tiles = tiles[(width + LANES - 1) / LANES - 1];
        for (; i < rows; i += ROWS, a += strip_step, c += ROWS * x->ldc) {
          sg_size r = rows - i < ROWS ? rows - i : ROWS;
          if (next) fetch_b(depth, i, rows, next, x->ldb);
          column_tiles[r - 1](depth, alpha, a, row_step, column_step, strip, strip_stride, beta, c, x->ldc, width);
        }
      }
    }
  }
}
