#include "product_internal.h"
#include "clones.h"

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
static void *thread_block(void) {
  pthread_once(&block_once, make_block_key);
  if (!block_key_exists) return 0;
  void *block = pthread_getspecific(block_key);
  if (block) return block;
  void *fresh = 0;
  if (posix_memalign(&fresh, 4096, sg_block_bytes + 512) != 0) return 0;
  if (pthread_setspecific(block_key, fresh) != 0) {
    free(fresh);
    return 0;
  }
  return fresh;
}

static void scale_rows(sg_size m, sg_size n, double beta, double *c, sg_size ldc) {
  for (sg_size i = 0; i < m; i++, c += ldc)
    for (sg_size j = 0; j < n; j++) c[j] = beta == 0 ? 0 : beta * c[j];
}

static bool has(int vector_bits) {
#if defined(__x86_64__)
  // What the kernels are compiled for, and that the system saves the registers.
  if (vector_bits == 512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  (void)vector_bits;
  return false;
#endif
}

static const sg_instructions choices[] = {
#if defined(__x86_64__)
    {"AVX-512", 8, 24, 48, sg_product_block_avx512, sg_single_block_avx512},
    {"AVX2 and FMA", 4, 12, 24, sg_product_block_avx2, sg_single_block_avx2},
    {"baseline", 4, 4, 8, sg_product_block_baseline, sg_single_block_baseline},
#else
    {"baseline", 4, 8, 16, sg_product_block_baseline, sg_single_block_baseline},
#endif
};

// Of the calling thread alone: others go on with the kernel that they have.
static _Thread_local int most_bits;

void sg_limit_vectors(int bits) { most_bits = bits; }

static const sg_instructions *instructions(void) {
#if defined(__x86_64__)
  const int limit = most_bits;
  if ((limit == 0 || limit >= 512) && has(512)) return &choices[0];
  if ((limit == 0 || limit >= 256) && has(256)) return &choices[1];
  return &choices[2];
#else
  return &choices[0];
#endif
}

const char *sg_product_instructions(void) { return instructions()->name; }

#define JOINED(a, b) a##_##b
#define NAME(a, b) JOINED(a, b)

#define REAL double
#define PLAIN plain
#include "product_plain.h"
#undef REAL
#undef PLAIN
#define REAL float
#define PLAIN plain_single
#include "product_plain.h"

typedef struct {
  const sg_part *whole;
  const sg_instructions *with;
  sg_size parts, unit, size;
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
    part.b = (const char *)part.b + (part.transpose_b ? from * part.ldb : from) * d->size;
    part.c = (char *)part.c + from * d->size;
  } else {
    part.m = to - from;
    part.a = (const char *)part.a + (part.transpose_a ? from : from * part.lda) * d->size;
    part.c = (char *)part.c + from * part.ldc * d->size;
  }
  part.block = thread_block();
  (d->size == sizeof(double) ? d->with->product : d->with->single)(&part);
}

/// A product whose numbers are of `size` bytes.
static void multiply(const sg_part *whole, sg_size size) {
  const sg_size m = whole->m, n = whole->n;
  const double work = (double)m * (double)n * (double)whole->k;
  if (work <= (double)sg_plain_limit) {
    // Turning B pays from a few rows on.
    void *scratch = whole->transpose_b && m >= 4 ? thread_block() : 0;
    if (size == sizeof(double)) return plain(whole, scratch);
    return plain_single(whole, scratch);
  }
  const sg_instructions *with = instructions();
  const sg_size columns = size == sizeof(double) ? with->columns : with->single_columns;
  // Cut along the longer side in units of whole tiles. Every part packs the other operand again; a transposed A is
  // the dearer one to pack.
  division d = {whole, with, 1, columns, size, n >= (whole->transpose_a ? 2 * m : m)};
  if (!d.by_columns) d.unit = with->rows;
  int threads = sg_thread_count();
  if (work >= threading_limit && threads > 1) {
    sg_size units = ((d.by_columns ? n : m) + d.unit - 1) / d.unit;
    // Every part packs the other operand again, so a thread has one. A transposed B is read along k in pieces, and the
    // hardware fetches the next piece with each: two narrower parts keep it in the cache until it is wanted.
    sg_size wanted = whole->transpose_b && work >= 16 * threading_limit ? 2 * threads : threads;
    d.parts = units < wanted ? units : wanted;
  }
  sg_parallel(d.parts, multiply_part, &d);
}

void sg_product(sg_size m, sg_size n, sg_size k, double alpha, const double *a, sg_size lda, bool transpose_a,
                const double *b, sg_size ldb, bool transpose_b, double beta, double *c, sg_size ldc) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0 || alpha == 0) return scale_rows(m, n, beta, c, ldc);
  const sg_part whole = {m, n, k, alpha, beta, a, b, c, lda, ldb, ldc, transpose_a, transpose_b, 0};
  multiply(&whole, sizeof(double));
}

void sg_product_single(sg_size m, sg_size n, sg_size k, float alpha, const float *a, sg_size lda, bool transpose_a,
                       const float *b, sg_size ldb, bool transpose_b, float beta, float *c, sg_size ldc) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0 || alpha == 0) {
    for (sg_size i = 0; i < m; i++, c += ldc)
      for (sg_size j = 0; j < n; j++) c[j] = beta == 0 ? 0 : beta * c[j];
    return;
  }
  const sg_part whole = {m, n, k, alpha, beta, a, b, c, lda, ldb, ldc, transpose_a, transpose_b, 0};
  multiply(&whole, sizeof(float));
}

#define TRANSPOSE(name, number)                                                        \
  void name(sg_size rows, sg_size columns, const number *in, number *out) {            \
    enum { side = 16 };                                                                \
    for (sg_size i0 = 0; i0 < rows && !sg_is_interrupted(); i0 += side) {              \
      sg_size i1 = i0 + side < rows ? i0 + side : rows;                                \
      for (sg_size j0 = 0; j0 < columns; j0 += side) {                                 \
        sg_size j1 = j0 + side < columns ? j0 + side : columns;                        \
        for (sg_size j = j0; j < j1; j++)                                              \
          for (sg_size i = i0; i < i1; i++) out[j * rows + i] = in[i * columns + j];   \
      }                                                                                \
    }                                                                                  \
  }
TRANSPOSE(sg_transpose, double)
TRANSPOSE(sg_transpose_single, float)
