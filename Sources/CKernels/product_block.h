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
/// wide of which `width` numbers are wanted. What is read of b is written to `panel` as well, where there is one, and a
/// line of `soon` is fetched at each step. Loops over the tile are unrolled in words: else the sums live in memory.
static inline __attribute__((always_inline)) void tile(const int rows, const int vectors, sg_size k, REAL alpha,
                                                       const REAL *a, sg_size ars, sg_size acs, const REAL *b,
                                                       sg_size brs, REAL beta, REAL *c, sg_size ldc, sg_size width,
                                                       REAL *panel, const REAL *const *soon) {
  vector sum[ROWS][VECTORS];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) sum[i][j] = (vector){0};
#ifdef FULL_TILE_STEP
  if (rows == ROWS && vectors == VECTORS && !panel) {
#pragma clang loop unroll_count(4)
    for (sg_size p = 0; p < k; p++) {
      FULL_TILE_STEP(sum, a, ars, b);
      __builtin_prefetch(soon[p], 0, 2);
      a += acs;
      b += brs;
    }
    k = 0;
  }
#endif
  for (sg_size p = 0; p < k; p++) {
    __builtin_prefetch(soon[p], 0, 2);
    vector row[VECTORS];
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) row[j] = *(const unaligned_vector *)(b + j * LANES);
    if (panel) {
#pragma clang loop unroll(full)
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
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) {
        unaligned_vector *target = (unaligned_vector *)(c + i * ldc + j * LANES);
        *target = beta == 0 ? alpha * sum[i][j] : alpha * sum[i][j] + beta * *target;
      }
  } else {
    // The same arithmetic on a copy, since C ends before the last vector does.
    REAL copy[VECTORS * LANES] = {0};
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      if (beta != 0) memcpy(copy, c + i * ldc, (size_t)width * sizeof(REAL));
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) {
        unaligned_vector *target = (unaligned_vector *)(copy + j * LANES);
        *target = beta == 0 ? alpha * sum[i][j] : alpha * sum[i][j] + beta * *target;
      }
      memcpy(c + i * ldc, copy, (size_t)width * sizeof(REAL));
    }
  }
}

typedef void tile_function(sg_size k, REAL alpha, const REAL *a, sg_size ars, sg_size acs, const REAL *b, sg_size brs,
                           REAL beta, REAL *c, sg_size ldc, sg_size width, const REAL *const *soon);

#define TILE(R, V)                                                                                               \
  static void tile_##R##_##V(sg_size k, REAL alpha, const REAL *a, sg_size ars, sg_size acs, const REAL *b,      \
                             sg_size brs, REAL beta, REAL *c, sg_size ldc, sg_size width, const REAL *const *soon) {         \
    if (ars == 1 && acs == ROWS && brs == COLUMNS)                                                               \
      tile(R, V, k, alpha, a, 1, ROWS, b, COLUMNS, beta, c, ldc, width, 0, soon);                                 \
    else                                                                                                         \
      tile(R, V, k, alpha, a, ars, acs, b, brs, beta, c, ldc, width, 0, soon);                                    \
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
    memset(panel, 0, (size_t)(k * COLUMNS) * sizeof(REAL));
    for (sg_size p = 0; p < k; p++, b += ldb, panel += COLUMNS) {
      sg_size j = 0;
      for (; j + LANES <= width; j += LANES) *(vector *)(panel + j) = *(const unaligned_vector *)(b + j);
      for (; j < width; j++) panel[j] = b[j];
    }
    return;
  }
  sg_size p = 0;
#ifdef TRANSPOSE_SQUARE
  if (width == COLUMNS)
    for (; p + LANES <= k; p += LANES)
      for (int j = 0; j < COLUMNS; j += LANES) TRANSPOSE_SQUARE(b + j * ldb + p, ldb, panel + p * COLUMNS + j, COLUMNS);
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
      sg_size start = 0;
#if defined(TRANSPOSE_SQUARE) && ROWS == LANES
      if (rows == ROWS && acs == 1)
        for (; start + LANES <= k; start += LANES) TRANSPOSE_SQUARE(source + start, ars, block + start * ROWS, ROWS);
#endif
      for (sg_size r = 0; r < rows; r++)
        for (sg_size p = start; p < k; p++) block[p * ROWS + r] = source[r * ars + p * acs];
    }
  }
}

/// What is wanted after the tile at hand: the next tile of C, and a share of the next strip of B, which lie where no
/// hardware prefetcher sees them coming.
typedef struct {
  const REAL *b;
  sg_size stride, rows;
  const REAL *lines[DEPTH];
} ahead;

/// One line for each of the k steps of a tile: more at once would fill the machine's buffers and hold up the sums.
static const REAL *const *lines_ahead(ahead *x, sg_size k, sg_size tiles_left, const REAL *c, sg_size ldc) {
  sg_size count = 0;
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < COLUMNS && count < k; j += LINE) x->lines[count++] = c + i * ldc + j;
  for (sg_size rows = (x->rows + tiles_left - 1) / tiles_left; rows > 0; rows--, x->rows--, x->b += x->stride)
    for (int j = 0; j < COLUMNS; j += LINE) {
      if (count < k)
        x->lines[count++] = x->b + j;
      else
        __builtin_prefetch(x->b + j, 0, 2);
    }
  // What is left from the tile before is fetched again, which costs nothing.
  return x->lines;
}

void BLOCK(const sg_part *x) {
  const sg_size m = x->m, n = x->n;
  const sg_size ars = x->transpose_a ? 1 : x->lda, acs = x->transpose_a ? x->lda : 1;
  const REAL alpha = (REAL)x->alpha;
  _Alignas(64) REAL panel[DEPTH * COLUMNS];
  ahead soon;
  for (int p = 0; p < DEPTH; p++) soon.lines[p] = x->c;

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
        soon.b = strip + COLUMNS;
        soon.stride = x->ldb;
        soon.rows = !x->transpose_b && n - j0 > COLUMNS ? depth : 0;
        // Few rows do not repay the copying of B.
        const bool copies = !x->transpose_b && width == COLUMNS && rows > 2 * ROWS;
        if (x->transpose_b || width < COLUMNS) {
          pack_b(depth, width, strip, x->ldb, x->transpose_b, panel);
          strip = panel;
          strip_stride = COLUMNS;
        }
        tile_function *const *column_tiles = tiles[(width + LANES - 1) / LANES - 1];
        for (sg_size i = 0; i < rows; i += ROWS, a += strip_step, c += ROWS * x->ldc) {
          const sg_size r = rows - i < ROWS ? rows - i : ROWS, left = (rows - i + ROWS - 1) / ROWS;
          const REAL *next = left > 1 ? c + ROWS * x->ldc : c - i * x->ldc + COLUMNS;
          const REAL *const *lines = lines_ahead(&soon, depth, left, next, x->ldc);
          if (copies && i == 0) {
            tile(ROWS, VECTORS, depth, alpha, a, row_step, column_step, strip, strip_stride, beta, c, x->ldc, width,
                 panel, lines);
            strip = panel;
            strip_stride = COLUMNS;
            continue;
          }
          column_tiles[r - 1](depth, alpha, a, row_step, column_step, strip, strip_stride, beta, c, x->ldc, width, lines);
        }
      }
    }
  }
}
