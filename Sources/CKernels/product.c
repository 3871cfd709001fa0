#include "product_internal.h"

#include <pthread.h>
#include <stdlib.h>

const sg_size sg_plain_limit = 32 * 32 * 32;

/// Multiplications below which waking another thread costs more than it saves (about 20 µs of work).
static const double threading_limit = 400e3;

static pthread_once_t block_once = PTHREAD_ONCE_INIT;
static pthread_key_t block_key;
static bool block_key_exists;

static void make_block_key(void) { block_key_exists = pthread_key_create(&block_key, free) == 0; }

/// The calling thread's scratch, allocated at its first large product; null when there is no memory for it.
static double *thread_block(void) {
  pthread_once(&block_once, make_block_key);
  if (!block_key_exists) return 0;
  double *block = pthread_getspecific(block_key);
  if (block) return block;
  void *fresh = 0;
  if (posix_memalign(&fresh, 4096, (sg_block_doubles + 64) * sizeof(double)) != 0) return 0;
  if (pthread_setspecific(block_key, fresh) != 0) {
    free(fresh);
    return 0;
  }
  return fresh;
}

static bool has_avx2(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

const char *sg_product_instructions(void) { return has_avx2() ? "AVX2 and FMA" : "baseline"; }

static void scale_rows(sg_size m, sg_size n, double beta, double *c, sg_size ldc) {
  for (sg_size i = 0; i < m; i++, c += ldc)
    for (sg_size j = 0; j < n; j++) c[j] = beta == 0 ? 0 : beta * c[j];
}

/// Left to right over k, products rounded before they are added, as a person would.
static void plain(const sg_part *x) {
#pragma STDC FP_CONTRACT OFF
  enum { width = 64 };
  double sum[width];
  const sg_size ars = x->transpose_a ? 1 : x->lda, acs = x->transpose_a ? x->lda : 1;
  for (sg_size j0 = 0; j0 < x->n; j0 += width) {
    sg_size columns = x->n - j0 < width ? x->n - j0 : width;
    for (sg_size i = 0; i < x->m; i++) {
      for (sg_size j = 0; j < columns; j++) sum[j] = 0;
      for (sg_size p = 0; p < x->k; p++) {
        double factor = x->a[i * ars + p * acs];
        if (x->transpose_b) {
          const double *b = x->b + j0 * x->ldb + p;
          for (sg_size j = 0; j < columns; j++) {
            double term = factor * b[j * x->ldb];
            sum[j] = p == 0 ? term : sum[j] + term;
          }
        } else {
          const double *b = x->b + p * x->ldb + j0;
          for (sg_size j = 0; j < columns; j++) {
            double term = factor * b[j];
            sum[j] = p == 0 ? term : sum[j] + term;
          }
        }
      }
      double *c = x->c + i * x->ldc + j0;
      for (sg_size j = 0; j < columns; j++) {
        double value = x->alpha == 1 ? sum[j] : x->alpha * sum[j];
        if (x->beta != 0) {
          double before = x->beta * c[j];
          value = value + before;
        }
        c[j] = value;
      }
    }
  }
}

typedef struct {
  const sg_part *whole;
  sg_size parts, unit;
  bool by_columns;
} division;

static void multiply_part(void *context, sg_size index) {
  const division *d = context;
  sg_part part = *d->whole;
  sg_size extent = d->by_columns ? part.n : part.m;
  sg_size units = (extent + d->unit - 1) / d->unit;
  sg_size from = units * index / d->parts * d->unit, to = units * (index + 1) / d->parts * d->unit;
  if (to > extent) to = extent;
  if (from >= to) return;
  if (d->by_columns) {
    part.n = to - from;
    part.b += part.transpose_b ? from * part.ldb : from;
    part.c += from;
  } else {
    part.m = to - from;
    part.a += part.transpose_a ? from : from * part.lda;
    part.c += from * part.ldc;
  }
  part.block = thread_block();
#if defined(__x86_64__)
  if (has_avx2()) return sg_product_block_avx2(&part);
#endif
  sg_product_block_baseline(&part);
}

void sg_product(sg_size m, sg_size n, sg_size k, double alpha, const double *a, sg_size lda, bool transpose_a,
                const double *b, sg_size ldb, bool transpose_b, double beta, double *c, sg_size ldc) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0 || alpha == 0) return scale_rows(m, n, beta, c, ldc);
  const sg_part whole = {m, n, k, alpha, beta, a, b, c, lda, ldb, ldc, transpose_a, transpose_b, 0};
  double work = (double)m * (double)n * (double)k;
  if (work <= (double)sg_plain_limit) return plain(&whole);

  // Four parts a thread, so that a thread held up by something else does not hold up the product, cut along
  // the longer side in units of whole tiles. Every part packs the other operand again; a transposed A is the
  // dearer one to pack.
  division d = {&whole, 1, 12, n >= (transpose_a ? 2 * m : m)};
  if (!d.by_columns) d.unit = 4;
  int threads = sg_thread_count();
  if (work >= threading_limit && threads > 1) {
    sg_size units = ((d.by_columns ? n : m) + d.unit - 1) / d.unit;
    sg_size wanted = work >= 16 * threading_limit ? 4 * threads : threads;
    d.parts = units < wanted ? units : wanted;
  }
  sg_parallel(d.parts, multiply_part, &d);
}

void sg_transpose(sg_size rows, sg_size columns, const double *in, double *out) {
  enum { side = 16 };
  for (sg_size i0 = 0; i0 < rows && !sg_is_interrupted(); i0 += side) {
    sg_size i1 = i0 + side < rows ? i0 + side : rows;
    for (sg_size j0 = 0; j0 < columns; j0 += side) {
      sg_size j1 = j0 + side < columns ? j0 + side : columns;
      for (sg_size j = j0; j < j1; j++)
        for (sg_size i = i0; i < i1; i++) out[j * rows + i] = in[i * columns + j];
    }
  }
}
